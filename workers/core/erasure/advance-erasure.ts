import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';

import { erasureLegs, erasures } from '../../../schema/erasures';
import { AppError } from '../errors';
import { log, logError } from '../log';
import { tellQueue } from '../tell-queue';
import { certifyErasure } from './certify-erasure';
import { statesBefore, type ErasureEvent } from './erasure-state';
import { isErasureHeld } from './is-held';
import type { EraseDeps, LegOutcome } from './leg-run';
import { runLeg } from './run-leg';
import { childOf, isReady, LEGAL_HOLD, legsOf, type ErasureRow } from './legs';
import { isOwned } from './owned-rows';
import { verifyErasure } from './verify-erasure';
import { writeTombstone } from '../vault/tombstone';

export type ErasureProgress = 'certified' | 'going_on' | 'waiting' | 'blocked' | 'nothing_to_do';

/**
 * Takes an erasure as far as it gets: every open place emptied and looked at, then all of them read again, and only when nothing is
 * found anywhere the receipt. A place that does not answer is named and keeps the others from nothing but what rests on it; a legal
 * hold stops all of it. Every step may be done twice, by two at once, and from wherever a crash left it (E7).
 */
export async function advanceErasure(deps: EraseDeps, { erasureId }: { erasureId: string }): Promise<ErasureProgress> {
	const { db } = deps;
	const [found] = await db
		.select({ erasure: erasures, isHeld: isErasureHeld().mapWith(Boolean) })
		.from(erasures)
		.where(eq(erasures.id, erasureId));
	if (found === undefined || found.erasure.state === 'certified') return 'nothing_to_do';
	const { erasure, isHeld } = found;
	await db.update(erasures).set({ triedAtMs: deps.now().getTime() }).where(eq(erasures.id, erasureId));

	if (isHeld) return hinder(deps, erasure, LEGAL_HOLD);
	// Once more: of two requests at once, the one that was refused may have taken away what the other had found there.
	await writeTombstone(deps, erasure.targetId, erasure.requestedAtMs);
	if (erasure.state !== 'verifying') await begin(deps, erasure);
	const { open, isProgressing, blockedLeg } = await emptyPlaces(deps, erasure);
	if (blockedLeg !== null) return hinder(deps, erasure, blockedLeg);
	if (open > 0) return isProgressing ? comeAgain(deps, erasureId) : 'waiting';

	await move(deps, erasureId, 'emptied');
	const left = await verifyErasure(deps, erasure);
	if (left.length > 0) {
		log('erasure_blocked', { erasureId, leg: left[0]?.leg ?? '', place: left.map(({ place }) => place).join(' ') });
		await db
			.update(erasureLegs)
			.set({ state: 'open' })
			.where(
				and(
					eq(erasureLegs.erasureId, erasureId),
					inArray(erasureLegs.leg, [...new Set(left.flatMap(({ leg }) => [leg, 'records']))]),
				),
			);
		await move(deps, erasureId, 'found_again');
		// By the sweep, a minute later: what nothing deletes must not be looked for without a pause.
		return 'waiting';
	}
	// Another try began anew, or a hold came: whoever is next looks again.
	if (!(await certifyErasure(deps, { erasure, legs: await readLegs(deps, erasureId) }))) return 'waiting';
	await wakeParents(deps, erasureId);
	return 'certified';
}

/**
 * The first time it counts what there is, for the receipt; later counts would be of what a crash left. One that a hold kept from
 * beginning has not been counted yet.
 */
async function begin({ db }: EraseDeps, erasure: ErasureRow): Promise<void> {
	const isFirst = sql`exists (select 1 from ${erasures} e where e.id = ${erasure.id} and (e.state = 'requested'
		or e.blocked_leg = ${LEGAL_HOLD} and not exists (
			select 1 from ${erasureLegs} l where l.erasure_id = e.id and (l.state <> 'open' or l.tries > 0 or l.deleted > 0))))`;
	const counts = {
		photos: ['uploads', sql`byte_length is not null and state <> 'deleted'`],
		outputs: ['assets', sql`state <> 'deleted'`],
		records: ['renders', sql`true`],
	} as const;
	const counted = legsOf(erasure.kind).flatMap((leg) => {
		if (leg !== 'photos' && leg !== 'outputs' && leg !== 'records') return [];
		const [table, also] = counts[leg];
		const own = isOwned(table, erasure);
		if (own === null) return [];
		const count = sql`(select count(*) from ${sql.identifier(table)} where ${own} and ${also})`;
		return [
			db
				.update(erasureLegs)
				.set({ deleted: sql<number>`${count}` })
				.where(and(eq(erasureLegs.erasureId, erasure.id), eq(erasureLegs.leg, leg), isFirst)),
		];
	});
	const begun = db
		.update(erasures)
		.set({ state: 'executing', blockedLeg: null })
		.where(and(eq(erasures.id, erasure.id), inArray(erasures.state, statesBefore('begun'))));
	const [first, ...rest] = [...counted, begun];
	if (first !== undefined) await db.batch([first, ...rest]);
}

/** Tries every open leg whose needs are closed. One that fails is named; those that do not rest on it go on. */
async function emptyPlaces(deps: EraseDeps, erasure: ErasureRow) {
	const rows = await readLegs(deps, erasure.id);
	const open = new Set(rows.filter(({ state }) => state === 'open').map(({ leg }) => leg));
	let isProgressing = false;
	let blockedLeg: string | null = null;
	for (const { leg } of rows) {
		const childId = childOf(leg);
		if (childId === null || !open.has(leg)) continue;
		if (await isCertified(deps, childId)) await close(deps, erasure.id, leg, 'deleted', open);
	}
	for (const leg of legsOf(erasure.kind)) {
		if (!open.has(leg) || !isReady(leg, open)) continue;
		try {
			const outcome = await runLeg(deps, leg, erasure);
			if (outcome === 'more') isProgressing = true;
			if (outcome !== 'more' && outcome !== 'waiting') await close(deps, erasure.id, leg, outcome, open);
		} catch (error) {
			blockedLeg ??= leg;
			if (error instanceof AppError) log('erasure_blocked', { erasureId: erasure.id, leg, code: error.code });
			else logError('erasure_blocked', error, { erasureId: erasure.id, leg });
			await deps.db
				.update(erasureLegs)
				.set({ tries: sql`${erasureLegs.tries} + 1` })
				.where(isLeg(erasure.id, leg));
		}
	}
	return { open: open.size, isProgressing, blockedLeg };
}

async function close(
	{ db, now }: EraseDeps,
	erasureId: string,
	leg: string,
	state: Exclude<LegOutcome, 'more' | 'waiting'>,
	open: Set<string>,
): Promise<void> {
	await db
		.update(erasureLegs)
		.set({ state, checkedAtMs: now().getTime() })
		.where(and(isLeg(erasureId, leg), eq(erasureLegs.state, 'open')));
	open.delete(leg);
}

function isLeg(erasureId: string, leg: string) {
	return and(eq(erasureLegs.erasureId, erasureId), eq(erasureLegs.leg, leg));
}

function readLegs({ db }: EraseDeps, erasureId: string) {
	return db.select().from(erasureLegs).where(eq(erasureLegs.erasureId, erasureId)).orderBy(asc(erasureLegs.leg));
}

async function isCertified({ db }: EraseDeps, erasureId: string): Promise<boolean> {
	const [row] = await db.select({ state: erasures.state }).from(erasures).where(eq(erasures.id, erasureId));
	return row?.state === 'certified';
}

async function move({ db }: EraseDeps, erasureId: string, event: 'emptied' | 'found_again'): Promise<void> {
	const state = event === 'emptied' ? 'verifying' : 'executing';
	await db
		.update(erasures)
		.set({ state, blockedLeg: null })
		.where(and(eq(erasures.id, erasureId), inArray(erasures.state, statesBefore(event satisfies ErasureEvent))));
}

async function hinder({ db }: EraseDeps, { id }: ErasureRow, leg: string): Promise<'blocked'> {
	await db
		.update(erasures)
		.set({ state: 'blocked', blockedLeg: leg })
		.where(and(eq(erasures.id, id), inArray(erasures.state, statesBefore('hindered'))));
	if (leg === LEGAL_HOLD) log('erasure_blocked', { erasureId: id, leg });
	return 'blocked';
}

async function comeAgain(deps: EraseDeps, erasureId: string): Promise<'going_on'> {
	await tellQueue(deps, { type: 'erasure.advance', erasureId });
	return 'going_on';
}

/** Whoever owned the account waits for it. */
async function wakeParents(deps: EraseDeps, erasureId: string): Promise<void> {
	const waiting = await deps.db
		.select({ erasureId: erasureLegs.erasureId })
		.from(erasureLegs)
		.innerJoin(erasures, eq(erasures.id, erasureLegs.erasureId))
		.where(and(eq(erasureLegs.leg, `account:${erasureId}`), ne(erasures.state, 'certified')));
	for (const parent of waiting) await tellQueue(deps, { type: 'erasure.advance', erasureId: parent.erasureId });
}
