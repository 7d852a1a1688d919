import { drizzle } from 'drizzle-orm/d1';
import { afterAll, expect, test } from 'vitest';

import { DATA_MAP } from '../../../schema/data-map/data-map';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { advanceErasure } from '../../../workers/core/erasure/advance-erasure';
import { countLeft } from '../../../workers/core/erasure/owned-rows';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { isErased } from '../../../workers/core/vault/tombstone';
import { CRASH_KINDS, crashEverywhere, crashPoints, untilCrash, type Crash } from '../../support/crash-points';
import { balanceOf, givenAccount } from '../../support/given';
import { deliver, givenRender, renderWorld, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { erasureOf, keysBelow, receiptBodyOf, untilErased } from './erasure-world';

/*
 * Asking for an erasure, and erasing, broken off at every call. Whatever was told to the queue is lost. Then the sweep comes, and
 * everything is as after an unbroken run: nothing left, one receipt that counts the same, credits back once.
 */

/** With 1 it is every call, which takes minutes. */
const STRIDE = 5;

const figures = { asked: 0, erased: 0 };
afterAll(() => console.log(`crash points of erasures: ${JSON.stringify(figures)}, 0 left half done`));

function crashing(deps: RenderWorld, crash: Crash | null) {
	const points = crashPoints(crash);
	const broken: RenderWorld = {
		...deps,
		db: drizzle(points.d1(deps.d1)),
		queue: points.queue(deps.queue),
		fal: points.gateway('fal', deps.fal),
		blobs: points.gateway('blobs', deps.blobs),
		stripe: points.gateway('stripe', deps.stripe),
		vault: { ...deps.vault, store: points.gateway('vault', deps.vault.store) },
	};
	return { points, broken };
}

async function askBroken(crash: Crash | null) {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const target = { kind: 'account', targetId: accountId, accountId } as const;
	const { points, broken } = crashing(deps, crash);
	await untilCrash(points, () => requestErasure(broken, target));
	deps.sent.length = 0;
	// Whoever saw it fail asks again.
	const { erasureId, receiptId } = await requestErasure(deps, target);
	await untilErased(deps, erasureId);
	takeConsoleErrors();
	expect(await isErased(deps, accountId)).toBe(true);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'account_erased', objectId: accountId });
	return points.calls;
}

test('asked for and broken off anywhere, asking again erases once', { timeout: 120_000 }, async () => {
	const calls = await askBroken(null);
	expect(calls.length).toBeGreaterThan(4);
	figures.asked += await crashEverywhere(calls.length, async (crash) => ({ calls: await askBroken(crash) }));
});

async function eraseBroken(crash: Crash | null) {
	const deps = await renderWorld();
	const { actor, upload } = await givenRender(deps);
	await deliver(deps);
	const { accountId } = actor;
	const target = { kind: 'account', targetId: accountId, accountId } as const;
	const { erasureId, receiptId } = await requestErasure(deps, target);
	deps.sent.length = 0;
	deps.clock.advance({ minutes: 20 });
	const { points, broken } = crashing(deps, crash);
	await untilCrash(points, () => advanceErasure(broken, { erasureId }));
	expect(points.hasHappened()).toBe(crash !== null);
	deps.sent.length = 0;
	await untilErased(deps, erasureId);
	takeConsoleErrors();

	const left: string[] = [];
	for (const table of Object.keys(DATA_MAP)) if ((await countLeft(deps.db, table, target)) > 0) left.push(table);
	const body = await receiptBodyOf(deps, receiptId);
	const { erasure, legs } = await erasureOf(deps, erasureId);
	return {
		calls: points.calls,
		facts: {
			left,
			objects: await keysBelow(`src/${accountId}/`),
			isPhotoSigned: (await receiptBodyOf(deps, upload.receiptId))?.kind,
			balance: await balanceOf(deps, accountId),
			deleted: body?.deleted,
			state: erasure?.state,
			open: Object.values(legs).filter((state) => state === 'open').length,
			held: deps.fal.requests.filter(({ isHeld }) => isHeld).length,
		},
	};
}

test('an erasure broken off at any call is whole after the sweep, with one receipt', { timeout: 300_000 }, async () => {
	const { calls, facts } = await eraseBroken(null);
	expect(facts).toMatchObject({ left: [], objects: [], held: 0, state: 'certified', isPhotoSigned: 'source_deleted' });
	expect(facts.balance).toEqual({ posted: 60, held: 0 });
	for (const [at, call] of calls.entries()) {
		if (at % STRIDE !== 0) continue;
		// The ways in turn: each kind of call meets all four.
		const kind = CRASH_KINDS[(at / STRIDE) % CRASH_KINDS.length]!;
		figures.erased += 1;
		const broken = await eraseBroken({ at, kind });
		expect({ at, kind, call, facts: broken.facts }).toEqual({ at, kind, call, facts });
	}
	const { db } = await renderWorld();
	expect((await auditLedger({ db })).violations).toEqual([]);
});

test('two who erase at once leave one receipt and no error', async () => {
	const deps = await renderWorld();
	const { actor } = await givenRender(deps);
	await deliver(deps);
	const { accountId } = actor;
	const { erasureId, receiptId } = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	deps.clock.advance({ minutes: 20 });
	deps.sent.length = 0;
	await Promise.all([advanceErasure(deps, { erasureId }), advanceErasure(deps, { erasureId })]);
	await untilErased(deps, erasureId);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'account_erased' });
});
