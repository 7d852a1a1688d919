import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';

/** It was seen to leave a store as it was, about once in a thousand times, while something of before was still being asked. */
const TRIES_MAX = 5;

/** Stores as a new deployment has them: the tables and nothing in them, no objects. About 60 ms. */
export async function emptyStores(): Promise<void> {
	for (let tries = 1; ; tries += 1) {
		await reset();
		if (await areEmpty()) break;
		if (tries === TRIES_MAX) throw new Error('the stores are not empty, whatever is left of the file before');
	}
	await applyD1Migrations(env.DB, env.MIGRATIONS);
}

async function areEmpty(): Promise<boolean> {
	const [table, media, vault] = await Promise.all([
		env.DB.prepare("select 1 from sqlite_master where type = 'table' and name = 'd1_migrations'").first(),
		env.MEDIA.list({ limit: 1 }),
		env.VAULT.list({ limit: 1 }),
	]);
	return table === null && media.objects.length === 0 && vault.objects.length === 0;
}
