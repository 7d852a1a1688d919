import { drizzle } from 'drizzle-orm/d1';
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';

import { receipts } from '../../../schema/receipts';
import type { Actor } from '../../../workers/core/actor';
import { confirmRevocation, revocationReceiptId } from '../../../workers/core/consents/confirm-revocation';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { startRender } from '../../../workers/core/renders/start-render';
import { ledgerOf } from '../../support/given';
import { crashPoints, crashEverywhere, untilCrash, type Crash } from '../../support/crash-points';
import { givenAccount } from '../../support/given';
import { deliver, renderWorld, smileOrder, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { givenLineage, lineageOf, untilConfirmed } from './revocation-world';

/*
 * A revocation, and the signing of its receipt, broken off at every call. Whatever was told to the queue is lost. Then the sweep comes,
 * and everything is as after an unbroken run: nothing left, credits given back, one receipt.
 */

interface Given {
	actor: Actor;
	consentId: string;
}

const FLOWS: readonly {
	name: string;
	isRevoked: boolean;
	act: (deps: RenderWorld, given: Given) => Promise<unknown>;
}[] = [
	{ name: 'a consent is revoked', isRevoked: false, act: revokeConsent },
	{ name: 'a revocation is signed for', isRevoked: true, act: confirmRevocation },
];

const figures = { flows: 0, points: 0, runs: 0 };
afterAll(() => console.log(`crash points of revocations: ${JSON.stringify(figures)}, 0 left, 0 doubled`));

async function runBroken(flow: (typeof FLOWS)[number], crash: Crash | null) {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { consentId, upload } = await givenLineage(deps, actor, [{ kind: 'after' }, { assetClass: 'composition' }]);
	// One that nobody has sent anywhere yet.
	await startRender(deps, smileOrder(actor, upload.id));
	deps.sent.length = 0;
	if (flow.isRevoked) {
		await revokeConsent(deps, { actor, consentId });
		deps.sent.pop();
		await deliver(deps);
	}
	const points = crashPoints(crash);
	const crashing: RenderWorld = {
		...deps,
		db: drizzle(points.d1(deps.d1)),
		queue: points.queue(deps.queue),
		fal: points.gateway('fal', deps.fal),
		blobs: points.gateway('blobs', deps.blobs),
	};
	await untilCrash(points, () => flow.act(crashing, { actor, consentId }));
	expect(points.hasHappened()).toBe(crash !== null);
	deps.sent.length = 0;

	// Whoever saw it fail before anything was written asks again; else nobody does.
	const { consent } = await lineageOf(deps, consentId);
	const isLost = consent?.state !== 'revoked';
	expect(isLost).toBe(crash?.at === 0 && crash.kind.endsWith('before') && !flow.isRevoked);
	if (isLost) await revokeConsent(deps, { actor, consentId });
	await untilConfirmed(deps);
	takeConsoleErrors();

	const { photos, made, links, orders, stored } = await lineageOf(deps, consentId);
	const { balance, entries } = await ledgerOf(deps, actor.accountId);
	const { posted, held, owed } = balance[0]!;
	const signed = await deps.db
		.select({ body: receipts.body })
		.from(receipts)
		.where(eq(receipts.id, revocationReceiptId(consentId)));
	const facts = {
		stored,
		states: [...photos, ...made].map(({ state }) => state),
		linksLeft: links.filter(({ revokedAtMs }) => revokedAtMs === null).length,
		charged: orders.map(({ creditsCharged }) => creditsCharged),
		isForgotten: orders.every(({ forgottenAtMs }) => forgottenAtMs !== null),
		sums: { posted, held, owed },
		entries: entries.map(({ kind, amount }) => `${kind} ${amount}`),
		deleted: signed.map(({ body }) => JSON.parse(body).deleted),
	};
	return { facts, calls: points.calls };
}

test.each(FLOWS)('$name, broken off at any call, is whole after the sweep', { timeout: 240_000 }, async (flow) => {
	const { facts, calls } = await runBroken(flow, null);
	expect(facts).toMatchObject({ stored: [], states: ['deleted', 'deleted', 'deleted'], linksLeft: 0 });
	expect(facts.sums.held).toBe(0);
	expect(facts.deleted).toHaveLength(1);
	figures.flows += 1;
	figures.points += calls.length;
	figures.runs += await crashEverywhere(calls.length, async (crash) => {
		const broken = await runBroken(flow, crash);
		const where = { ...crash, call: calls[crash.at] };
		expect({ ...where, facts: broken.facts }).toEqual({ ...where, facts });
		return broken;
	});
	const { db } = await renderWorld();
	expect((await auditLedger({ db })).violations).toEqual([]);
});
