import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { subjects } from '../../../schema/consents';
import { erasures } from '../../../schema/erasures';
import { users } from '../../../schema/users';
import { requestErasure, type RequestDeps } from '../erasure/request-erasure';
import { AppError } from '../errors';
import { log, logError } from '../log';
import { tombstoneName, TOMBS } from './tombstone';
import type { Vault } from './vault';

/** Ids in one go. */
export const IDS_AT_ONCE_MAX = 1_000;
/** Each erasure begun takes some twenty statements, of which an invocation has a thousand. */
const BEGUN_AT_ONCE_MAX = 25;
/** Half of what an invocation may ask of the vault, a thousand tombstones each. */
const TOMB_PAGES_MAX = 500;

/** Accounts before people, so that a person's own are under way when theirs begins. */
const KINDS = ['account', 'subject', 'person'] as const;
type Kind = (typeof KINDS)[number];

export interface Replayed {
	/** How many ids were looked at. */
	looked: number;
	/** How many of them had been erased before, and are being erased again. */
	begun: number;
	/** How many of them cannot be, and need somebody: the log says why. */
	refused: number;
	/** Where to go on; null at the end. */
	cursor: string | null;
}

/**
 * Finds people, accounts and subjects in the database that were erased before, as a restore brings them back, and begins to erase
 * them again (E4, E5). Nothing of theirs can be read meanwhile: their keys are gone. Some ids of one kind at once; repeating it
 * changes nothing for what is under way.
 */
export async function replayTombstones(
	deps: RequestDeps,
	{ cursor, begunMax = BEGUN_AT_ONCE_MAX }: { cursor: string | null; begunMax?: number },
): Promise<Replayed> {
	const at = readCursor(cursor);
	const tombs = await listTombs(deps.vault);
	const rows = tombs.size === 0 ? [] : await listIds(deps, at);
	const replayed: Replayed = { looked: 0, begun: 0, refused: 0, cursor: null };
	for (const row of rows) {
		if (replayed.begun === begunMax) {
			return { ...replayed, cursor: `${at.kind}:${rows[replayed.looked - 1]?.id ?? at.after}` };
		}
		replayed.looked += 1;
		if (!tombs.has(await tombstoneName(row.id)) || isUnderWay(row.state)) continue;
		const isBegun = await eraseAgain(deps, at.kind, row);
		if (isBegun) replayed.begun += 1;
		else replayed.refused += 1;
	}
	const last = rows.at(-1);
	if (last !== undefined && rows.length === IDS_AT_ONCE_MAX) return { ...replayed, cursor: `${at.kind}:${last.id}` };
	const next = tombs.size === 0 ? undefined : KINDS[KINDS.indexOf(at.kind) + 1];
	return { ...replayed, cursor: next === undefined ? null : `${next}:` };
}

function readCursor(cursor: string | null): { kind: Kind; after: string } {
	if (cursor === null) return { kind: KINDS[0], after: '' };
	const kind = KINDS.find((one) => cursor.startsWith(`${one}:`));
	if (kind === undefined) throw new AppError('invalid_input', 'This cursor is not one we gave. Begin anew.');
	return { kind, after: cursor.slice(kind.length + 1) };
}

async function listTombs({ store }: Vault): Promise<ReadonlySet<string>> {
	const names = new Set<string>();
	let cursor: string | null = null;
	for (let page = 0; page === 0 || cursor !== null; page += 1) {
		if (page === TOMB_PAGES_MAX) throw new Error('there are more tombstones than one call can list');
		const found = await store.list(TOMBS, cursor);
		for (const { name } of found.objects) names.add(name);
		cursor = found.cursor;
	}
	return names;
}

interface Found {
	id: string;
	accountId: string | null;
	/** How far an erasure of it is; null: there is none. */
	state: typeof erasures.$inferSelect.state | null;
}

/** Of those that are not erased as far as the database knows. */
function listIds({ db }: RequestDeps, { kind, after }: { kind: Kind; after: string }): Promise<Found[]> {
	const { state } = erasures;
	switch (kind) {
		case 'account':
			return db
				.select({ id: accounts.id, accountId: accounts.id, state })
				.from(accounts)
				.leftJoin(erasures, eq(erasures.targetId, accounts.id))
				.where(and(gt(accounts.id, after), isNull(accounts.erasedAtMs)))
				.orderBy(asc(accounts.id))
				.limit(IDS_AT_ONCE_MAX);
		case 'subject':
			return db
				.select({ id: subjects.id, accountId: subjects.accountId, state })
				.from(subjects)
				.leftJoin(erasures, eq(erasures.targetId, subjects.id))
				.where(and(gt(subjects.id, after), isNull(subjects.erasedAtMs)))
				.orderBy(asc(subjects.id))
				.limit(IDS_AT_ONCE_MAX);
		case 'person':
			return db
				.select({ id: users.id, accountId: sql<null>`null`, state })
				.from(users)
				.leftJoin(erasures, eq(erasures.targetId, users.id))
				.where(gt(users.id, after))
				.orderBy(asc(users.id))
				.limit(IDS_AT_ONCE_MAX);
	}
}

function isUnderWay(state: Found['state']): boolean {
	return state !== null && state !== 'certified';
}

/**
 * Refused are a person who owns an account with others in it, because it was handed over after the moment that was restored, and a row
 * that came back beside the erasure that was signed for it, which no restore of the whole database does.
 */
async function eraseAgain(deps: RequestDeps, kind: Kind, { id, accountId, state }: Found): Promise<boolean> {
	try {
		if (state === 'certified') throw new AppError('conflict', 'This was erased and certified, and is here again.');
		const { erasureId } = await requestErasure(deps, { kind, targetId: id, accountId });
		log('erasure_replayed', { erasureId, kind });
		return true;
	} catch (error) {
		logError('erasure_replay_refused', error, { kind, targetId: id });
		return false;
	}
}
