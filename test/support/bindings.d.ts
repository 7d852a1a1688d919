/// <reference types="@cloudflare/workers-types" />

declare namespace Cloudflare {
	/** The bindings of the workerd project in vitest.config.ts. */
	interface Env {
		DB: D1Database;
		MEDIA: R2Bucket;
		WORK: Queue;
		MIGRATIONS: { name: string; queries: string[] }[];
	}
}
