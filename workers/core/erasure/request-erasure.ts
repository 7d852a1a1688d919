import { and, eq, inArray, isNull, ne, sql, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { accounts } from '../../../schema/accounts';
import { apiKeys } from '../../../schema/api-keys';
import { consents, subjects } from '../../../schema/consents';
import { erasureLegs, erasures } from '../../../schema/erasures';
import { memberships } from '../../../schema/memberships';
import { assets, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { sessions } from '../../../schema/users';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, notFound, violates } from '../errors';
import { log } from '../log';
import { tellQueue } from '../tell-queue';
import { removeTombstones, writeTombstone } from '../vault/tombstone';
import { childLeg, legsOf, type ErasureKind, type ErasureRow } from './legs';

export type RequestDeps = Pick<Deps, 'db' | 'now' | 'newId' | 'queue' | 'vault' | 'studio'>;

export interface ErasureTarget {
	kind: ErasureKind;
	/** The id of the person, account or subject. */
	targetId: string;
	/** A subject's account, or the account itself; null for a person. */
	accountId: string | null;
}

export interface ErasureOptions {
	/** Of a person: accounts that others belong to, and that go with them all the same. */
	accountIds?: readonly string[];
	/** Nothing is done unless this is true when it runs; the batch fails for want of `erasures.target_id`. */
	holds?: SQL | undefined;
	/** What is written in the same batch, and the sealed mail that says that it is done. */
	around?: (erasureId: string) => Promise<{ doneMail: string | null; statements: BatchItem<'sqlite'>[] }>;
}

function nothingAround() {
	return Promise.resolve({ doneMail: null, statements: [] });
}

const ALONE = { doneMail: null, children: [], holds: undefined };

export interface RequestedErasure {
	erasureId: string;
	receiptId: string;
}

const HOUR_MS = 3_600_000;
/** One batch takes so many accounts of a person; nobody owns more who is one. */
const ACCOUNTS_AT_ONCE_MAX = 50;

/**
 * Begins to erase a person with the accounts that they alone belong to, an account, or a subject. From this moment on it cannot be
 * reached: sessions are over, photos and pictures have no address, nothing new rests on it. Repeating it answers the same.
 *
 * The tombstone comes first, in a store that no restore of the database reaches. A crash after it leaves an id that nothing is
 * added to, and whoever asked asks again, or the replay does it for them; a refusal takes it back. Refuses (`conflict`) a person who owns an account that others belong to and whose
 * erasure was not asked for before; `not_found` where there is nothing under that id.
 */
export async function requestErasure(
	deps: RequestDeps,
	target: ErasureTarget,
	{ accountIds = [], holds, around = nothingAround }: ErasureOptions = {},
): Promise<RequestedErasure> {
	const known = await findErasure(deps, target.targetId);
	if (known !== null) return known;
	await requireTarget(deps, target);
	const owned = target.kind === 'person' ? await planOwned(deps, target.targetId, accountIds) : [];
	const nowMs = deps.now().getTime();
	const requested = { ...target, ...idsFrom(deps) };
	const opened = owned.filter(({ isNew }) => isNew);
	const marked: string[] = [];
	for (const { targetId } of [...opened, target]) {
		if (await writeTombstone(deps, targetId, nowMs)) marked.push(targetId);
	}

	const { doneMail, statements: alongside } = await around(requested.erasureId);
	const children = owned.map(({ erasureId }) => erasureId);
	const statements = [
		// First, so that what it asks for sees what was there before.
		...openStatements(deps, requested, nowMs, { doneMail, children, holds }),
		...opened.flatMap((account) => openStatements(deps, account, nowMs, ALONE)),
		...alongside,
	];
	try {
		await withD1Retry(() => deps.db.batch(inOneBatch(statements)));
	} catch (cause) {
		// The same at the same time, a commit whose answer was lost, or a refusal.
		const winner = await findErasure(deps, target.targetId);
		if (winner === null) await takeBack(deps, marked, nowMs);
		if (!violates(cause, 'erasures.target_id') && !violates(cause, 'erasures.id')) throw cause;
		if (winner === null) throw new AppError('conflict', BUSY, { cause });
		return winner;
	}
	for (const { erasureId, kind } of [...opened, requested]) {
		log('erasure_requested', { erasureId, kind });
		await tellQueue(deps, { type: 'erasure.advance', erasureId });
	}
	return { erasureId: requested.erasureId, receiptId: requested.receiptId };
}

/** Once more for what another has begun meanwhile: its own tombstone was there already, and it may have been certified by now. */
async function takeBack(deps: RequestDeps, ids: readonly string[], nowMs: number): Promise<void> {
	await removeTombstones(deps, ids);
	for (const id of ids) {
		if ((await findErasure(deps, id)) !== null) await writeTombstone(deps, id, nowMs);
	}
}

const BUSY = 'Something that belongs to it is being erased at this moment. Try again in a minute.';

/** What is under way, or was done, for an id. */
export async function findErasure({ db }: Pick<RequestDeps, 'db'>, targetId: string): Promise<RequestedErasure | null> {
	const [row] = await withD1Retry(() =>
		db
			.select({ erasureId: erasures.id, receiptId: erasures.receiptId })
			.from(erasures)
			.where(eq(erasures.targetId, targetId)),
	);
	return row ?? null;
}

function idsFrom({ newId }: Pick<RequestDeps, 'newId'>): RequestedErasure {
	return { erasureId: newId('erasure'), receiptId: newId('receipt') };
}

async function requireTarget({ db }: RequestDeps, { kind, targetId, accountId }: ErasureTarget): Promise<void> {
	const table = { person: sql`users`, account: sql`accounts`, subject: sql`subjects` }[kind];
	const within = kind === 'subject' ? sql` and account_id = ${accountId}` : sql``;
	const found = await db.all(sql`select id from ${table} where id = ${targetId}${within}`);
	if (found.length === 0) throw notFound(kind === 'subject' ? 'patient' : kind);
}

type PlannedAccount = ErasureTarget & RequestedErasure & { isNew: boolean };

/** The accounts that go with a person, each with its erasure, which may have been asked for before. */
async function planOwned(deps: RequestDeps, userId: string, named: readonly string[]): Promise<PlannedAccount[]> {
	const rows = await deps.db
		.select({
			accountId: memberships.accountId,
			erasureId: erasures.id,
			receiptId: erasures.receiptId,
			members: sql<number>`(select count(*) from ${memberships} m where m.account_id = ${memberships.accountId})`,
		})
		.from(memberships)
		.leftJoin(erasures, eq(erasures.targetId, memberships.accountId))
		.where(and(eq(memberships.userId, userId), eq(memberships.role, 'owner')))
		.limit(ACCOUNTS_AT_ONCE_MAX + 1);
	if (rows.length > ACCOUNTS_AT_ONCE_MAX) {
		throw new AppError('conflict', `You own more than ${ACCOUNTS_AT_ONCE_MAX} accounts. Erase some of them first.`);
	}
	return rows.map(({ accountId, erasureId, receiptId, members }) => {
		const target = { kind: 'account', targetId: accountId, accountId } as const;
		if (erasureId !== null && receiptId !== null) return { ...target, erasureId, receiptId, isNew: false };
		if (members > 1 && !named.includes(accountId)) {
			throw new AppError(
				'conflict',
				'You own an account that others belong to. Hand it over, or say that it is to be erased with everything in it.',
			);
		}
		return { ...target, ...idsFrom(deps), isNew: true };
	});
}

function openStatements(
	deps: RequestDeps,
	target: ErasureTarget & RequestedErasure,
	nowMs: number,
	about: { doneMail: string | null; children: readonly string[]; holds: SQL | undefined },
): BatchItem<'sqlite'>[] {
	const { db, studio } = deps;
	const { erasureId, receiptId, kind, targetId, accountId } = target;
	const { doneMail, children, holds } = about;
	const row: ErasureRow = {
		id: erasureId,
		kind,
		targetId,
		accountId,
		state: 'requested',
		blockedLeg: null,
		requestedAtMs: nowMs,
		dueAtMs: nowMs + studio.policy.erasure.deadlineHours * HOUR_MS,
		triedAtMs: 0,
		finishedAtMs: null,
		receiptId,
		doneMail,
	};
	const legs = [...children.map(childLeg), ...legsOf(kind)].map((leg) => ({ erasureId, leg, state: 'open' as const }));
	return [
		db.insert(erasures).values({
			...row,
			...(holds === undefined ? {} : { targetId: sql<string>`(select ${targetId} where ${holds})` }),
		}),
		...legs.map((leg) => db.insert(erasureLegs).values(leg)),
		...(kind === 'person'
			? closePerson(deps, targetId, nowMs)
			: kind === 'account'
				? closeAccount(deps, targetId, nowMs)
				: closeSubject(deps, targetId, nowMs)),
	];
}

/** Nobody is signed in as them any more, on no device, with no key. */
function closePerson({ db }: RequestDeps, userId: string, nowMs: number): BatchItem<'sqlite'>[] {
	return [
		db.delete(sessions).where(eq(sessions.userId, userId)),
		db
			.update(apiKeys)
			.set({ revokedAtMs: nowMs })
			.where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAtMs))),
	];
}

function closeAccount({ db }: RequestDeps, accountId: string, nowMs: number): BatchItem<'sqlite'>[] {
	return [
		db.update(accounts).set({ erasedAtMs: nowMs }).where(eq(accounts.id, accountId)),
		db
			.update(apiKeys)
			.set({ revokedAtMs: nowMs })
			.where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAtMs))),
		db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
			.where(and(eq(uploads.accountId, accountId), inArray(uploads.state, ['awaiting', 'ready']))),
		db
			.update(assets)
			.set({ state: 'deleting' })
			.where(and(eq(assets.accountId, accountId), eq(assets.state, 'ready'))),
	];
}

function closeSubject({ db }: RequestDeps, subjectId: string, nowMs: number): BatchItem<'sqlite'>[] {
	const ofAccount = sql`(select account_id from ${subjects} where id = ${subjectId})`;
	const made = db
		.select({ id: renders.id })
		.from(renders)
		.where(and(eq(renders.accountId, ofAccount), eq(renders.subjectId, subjectId)));
	return [
		db.update(subjects).set({ erasedAtMs: nowMs }).where(eq(subjects.id, subjectId)),
		db
			.update(consents)
			.set({ state: 'revoked', revokedAtMs: nowMs })
			.where(and(eq(consents.subjectId, subjectId), ne(consents.state, 'revoked'))),
		db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
			.where(
				and(
					eq(uploads.accountId, ofAccount),
					eq(uploads.subjectId, subjectId),
					inArray(uploads.state, ['awaiting', 'ready']),
				),
			),
		db
			.update(assets)
			.set({ state: 'deleting' })
			.where(and(inArray(assets.renderId, made), eq(assets.state, 'ready'))),
	];
}
