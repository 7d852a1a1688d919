import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** Stores as a new deployment has them: the tables and nothing in them, no objects. About 60 ms. */
export async function emptyStores(): Promise<void> {
	await reset();
	await applyD1Migrations(env.DB, env.MIGRATIONS);
}
