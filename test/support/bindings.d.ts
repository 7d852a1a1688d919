/// <reference types="@cloudflare/workers-types" />

declare namespace Cloudflare {
	/** The bindings of the workerd project in vitest.config.ts. */
	interface Env {
		DB: D1Database;
		MEDIA: R2Bucket;
		VAULT: R2Bucket;
		WORK: Queue;
		PROPERTY_SEED: string;
		PROPERTY_RUNS: string;
		MIGRATIONS: { name: string; queries: string[] }[];
	}
}
