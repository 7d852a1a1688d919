import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** Stores as a new deployment has them: the tables and nothing in them, no objects. About 60 ms. */
export async function emptyStores(): Promise<void> {
	await reset();
	// It was seen to leave the stores of a file as they were, about once in a hundred: what is there is then taken out by hand.
	await Promise.all([emptyTables(), emptyBucket(env.MEDIA), emptyBucket(env.VAULT)]);
	await applyD1Migrations(env.DB, env.MIGRATIONS);
}

async function emptyTables(): Promise<void> {
	const { results } = await env.DB.prepare(
		"select name from sqlite_master where type = 'table' and name not glob 'sqlite_*' and name not glob '_cf_*' and name <> 'd1_migrations'",
	).all<{ name: string }>();
	if (results.length === 0) return;
	await env.DB.batch([
		env.DB.prepare('pragma defer_foreign_keys = on'),
		...results.map(({ name }) => env.DB.prepare(`delete from "${name}"`)),
	]);
}

async function emptyBucket(bucket: R2Bucket): Promise<void> {
	for (;;) {
		const { objects } = await bucket.list();
		if (objects.length === 0) return;
		await bucket.delete(objects.map(({ key }) => key));
	}
}
