import { sql, type SQL } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import { exports } from '../../../schema/rights';
import { uploads } from '../../../schema/uploads';
import { HOUR_MS } from '../../../studios/policy/data-classes';
import type { JobDeps } from '../deps';
import { log, logError } from '../log';
import type { ObjectPrefix } from '../media/object-keys';
import type { Slice } from './walk';

const PREFIXES = ['src', 'logo', 'pap', 'out', 'exp'] as const satisfies readonly ObjectPrefix[];

/** Longer than anything takes from its bytes to its row: an upload's address, a render, a copy of everything. */
const UNNAMED_MS = HOUR_MS;

/** The rows that say that an object may be there, by their column of keys. */
const NAMED_BY: Readonly<Record<ObjectPrefix, SQL>> = {
	src: sql`select 1 from ${uploads} u where u.object_key = k.value and u.state in ('awaiting', 'ready', 'deleting')`,
	logo: sql`select 1 from ${uploads} u where u.object_key = k.value and u.state in ('awaiting', 'ready', 'deleting')`,
	pap: sql`select 1 from ${uploads} u where u.object_key = k.value and u.state in ('awaiting', 'ready', 'deleting')`,
	out: sql`select 1 from ${assets} a where a.object_key = k.value and a.state <> 'deleted'`,
	exp: sql`select 1 from ${exports} e where e.object_key = k.value and e.state in ('queued', 'ready')`,
};

/**
 * Deletes what lies in the bucket for more than an hour without a row that names it (U1): left by a crash between bytes and row, by a
 * restore of the database, or put after its row was closed. One page of one prefix at once. One that will not go is logged and keeps
 * nothing else; it is met again by the next walk.
 */
export async function removeUnnamed(
	deps: Pick<JobDeps, 'db' | 'blobs'>,
	{ cursor, dueMs }: { cursor: string | null; dueMs: number },
): Promise<Slice> {
	const at = readCursor(cursor);
	const page = await listFrom(deps, at);
	// By the world's clock, which is the bucket's, when one that was moved forward locally is ahead.
	const putBy = Math.min(dueMs, Date.now()) - UNNAMED_MS;
	const old = page.objects.filter(({ putAtMs }) => putAtMs <= putBy).map(({ objectKey }) => objectKey);
	const unnamed = old.length === 0 ? [] : await listUnnamed(deps, at.prefix, old);
	const found = await removeAll(deps, unnamed);
	if (found > 0) log('objects_unnamed', { prefix: at.prefix, deleted: found });
	return { looked: page.objects.length, found, cursor: nextCursor(at.prefix, page.cursor) };
}

interface At {
	prefix: ObjectPrefix;
	/** R2's own. */
	cursor: string | null;
}

/** A walk that was begun by another version, or written by hand, begins anew. */
function readCursor(cursor: string | null): At {
	const prefix = PREFIXES.find((one) => cursor?.startsWith(`${one}/`) === true) ?? PREFIXES[0];
	const rest = cursor?.slice(prefix.length + 1) ?? '';
	return { prefix, cursor: rest === '' ? null : rest };
}

function nextCursor(prefix: ObjectPrefix, cursor: string | null): string | null {
	if (cursor !== null) return `${prefix}/${cursor}`;
	const next = PREFIXES[PREFIXES.indexOf(prefix) + 1];
	return next === undefined ? null : `${next}/`;
}

async function listFrom({ blobs }: Pick<JobDeps, 'blobs'>, { prefix, cursor }: At) {
	try {
		return await blobs.list(`${prefix}/`, cursor);
	} catch (error) {
		if (cursor === null) throw error;
		// A cursor that R2 does not take any more would stop the walk for good: the prefix begins anew.
		logError('sweep_failed', error, { step: 'orphans', prefix });
		return blobs.list(`${prefix}/`, null);
	}
}

async function listUnnamed(
	{ db }: Pick<JobDeps, 'db'>,
	prefix: ObjectPrefix,
	objectKeys: readonly string[],
): Promise<string[]> {
	const rows = await db.all<{ key: string }>(
		sql`select k.value as key from json_each(${JSON.stringify(objectKeys)}) k where not exists (${NAMED_BY[prefix]})`,
	);
	return rows.map(({ key }) => key);
}

/** So many calls at most for what will not go at once, and whatever is left then is met again by the next walk. */
const DELETES_MAX = 60;

/** How many are gone. All at once; where that fails, in halves, so that a stubborn one keeps none of the others. */
async function removeAll({ blobs }: Pick<JobDeps, 'blobs'>, objectKeys: readonly string[]): Promise<number> {
	let found = 0;
	const parts = objectKeys.length === 0 ? [] : [objectKeys];
	for (let calls = 0; calls < DELETES_MAX; calls += 1) {
		const part = parts.shift();
		if (part === undefined) break;
		try {
			await blobs.delete(part);
			found += part.length;
		} catch (error) {
			const middle = Math.ceil(part.length / 2);
			if (part.length === 1) logError('sweep_failed', error, { step: 'orphans' });
			else parts.push(part.slice(0, middle), part.slice(middle));
		}
	}
	return found;
}
