import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { erasures } from '../../../schema/erasures';
import { evidencePoints } from '../../../schema/evidence';
import { memberships } from '../../../schema/memberships';
import { rightsRequests } from '../../../schema/rights';
import { uploads } from '../../../schema/uploads';
import { isHeld } from '../../../workers/core/erasure/is-held';
import { listHolds, placeHold, releaseHold } from '../../../workers/core/erasure/legal-holds';
import { readErasure } from '../../../workers/core/erasure/read-erasure';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { collectEvidence } from '../../../workers/core/evidence/collect-evidence';
import { readEvidence } from '../../../workers/core/evidence/read-evidence';
import { sweep } from '../../../workers/core/retention/sweep';
import { givenAccount } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { givenReadyUpload, renderWorld } from '../../support/render-world';
import { advanceOnce, erasureOf, receiptBodyOf, untilErased } from './erasure-world';

const WHENCE = { network: null, country: null, browser: null };

test('an erasure under a hold is blocked by it, deletes nothing, and goes on once it is released', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	const hold = { whence: WHENCE, targetId: actor.accountId, matter: '2026-17' };
	await placeHold(deps, hold);
	const { erasureId, receiptId } = await requestErasure(deps, {
		kind: 'account',
		targetId: actor.accountId,
		accountId: actor.accountId,
	});
	deps.clock.advance({ minutes: 20 });
	expect(await advanceOnce(deps, erasureId)).toBe('blocked');
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });

	expect((await erasureOf(deps, erasureId)).erasure).toMatchObject({ state: 'blocked', blockedLeg: 'legal_hold' });
	expect(await readErasure(deps, { id: erasureId })).toMatchObject({ blockedBy: 'A legal hold', receipt: null });
	expect(await env.MEDIA.head(upload.objectKey)).not.toBeNull();

	await releaseHold(deps, hold);
	expect(deps.sent).toContainEqual({ message: { type: 'erasure.advance', erasureId }, delaySeconds: 0 });
	await untilErased(deps, erasureId);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'account_erased' });
	expect(await env.MEDIA.head(upload.objectKey)).toBeNull();
});

test('a hold on a patient stops the erasure of the practice, and one on the practice that of the patient', async () => {
	const deps = await renderWorld();
	const first = await givenAccount(deps);
	const second = await givenAccount(deps);
	const { subjectId } = await givenReadyUpload(deps, first);
	const other = await givenReadyUpload(deps, second);
	await placeHold(deps, { whence: WHENCE, targetId: subjectId!, matter: 'A' });
	await placeHold(deps, { whence: WHENCE, targetId: second.accountId, matter: 'A' });
	const account = { kind: 'account', targetId: first.accountId, accountId: first.accountId } as const;
	const patient = { kind: 'subject', targetId: other.subjectId!, accountId: second.accountId } as const;
	for (const target of [account, patient]) {
		const { erasureId } = await requestErasure(deps, target);
		expect(await advanceOnce(deps, erasureId)).toBe('blocked');
	}
});

test('a hold on who owns a practice stops the erasure of the practice and of its patients', async () => {
	const deps = await renderWorld();
	const owner = await givenAccount(deps);
	const { subjectId } = await givenReadyUpload(deps, owner);
	const { accountId } = owner;
	await placeHold(deps, { whence: WHENCE, targetId: owner.userId, matter: 'O-1' });
	const patient = await requestErasure(deps, { kind: 'subject', targetId: subjectId!, accountId });
	expect(await advanceOnce(deps, patient.erasureId)).toBe('blocked');
	await requestErasure(deps, { kind: 'person', targetId: owner.userId, accountId: null });
	const [practice] = await deps.db.select().from(erasures).where(eq(erasures.targetId, accountId));
	expect(await advanceOnce(deps, practice!.id)).toBe('blocked');
	// Also when they are no member any more: it goes because they go.
	await deps.db.delete(memberships).where(eq(memberships.accountId, accountId));
	expect(await advanceOnce(deps, practice!.id)).toBe('blocked');
});

test('the receipt of what a hold kept from beginning counts what there was', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	await givenReadyUpload(deps, actor);
	const hold = { whence: WHENCE, targetId: actor.accountId, matter: 'N-1' };
	await placeHold(deps, hold);
	const target = { kind: 'account', targetId: actor.accountId, accountId: actor.accountId } as const;
	const { erasureId, receiptId } = await requestErasure(deps, target);
	expect(await advanceOnce(deps, erasureId)).toBe('blocked');
	await releaseHold(deps, hold);
	await untilErased(deps, erasureId);
	expect((await receiptBodyOf(deps, receiptId))?.deleted).toContainEqual({ what: 'photo', count: 1 });
});

test('the sweep passes a held photo by, and it is unreachable and kept until the release', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	const hold = { whence: WHENCE, targetId: actor.accountId, matter: 'B-1' };
	await placeHold(deps, hold);
	deps.clock.advance({ hours: 30 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await env.MEDIA.head(upload.objectKey)).not.toBeNull();
	await releaseHold(deps, hold);
	deps.clock.advance({ minutes: 1 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await env.MEDIA.head(upload.objectKey)).toBeNull();
	const [row] = await deps.db.select().from(uploads).where(eq(uploads.id, upload.id));
	expect(row?.state).toBe('deleted');
});

test('what is held leaves by its age neither as a draft nor as a request, until the release', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const draft = await givenConsent(deps, actor, { signerName: null });
	const nowMs = deps.now().getTime();
	const asked = { id: deps.newId('rightsRequest'), tokenHash: deps.newId('audit'), sealed: 'v1.', dueAtMs: nowMs };
	await deps.db.insert(rightsRequests).values({
		...asked,
		userId: actor.userId,
		right: 'access',
		state: 'answered',
		answerSealed: 'v1.',
		receivedAtMs: nowMs,
		provedAtMs: nowMs,
		endedAtMs: nowMs,
	});
	const hold = { whence: WHENCE, targetId: actor.userId, matter: 'R-1' };
	await placeHold(deps, hold);
	deps.clock.advance({ hours: 24 * 365 * 20 });
	const kept = async () => [
		(await deps.db.select().from(consents).where(eq(consents.id, draft.id))).length,
		(await deps.db.select().from(rightsRequests).where(eq(rightsRequests.id, asked.id))).length,
	];
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await kept()).toEqual([1, 1]);
	await releaseHold(deps, hold);
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await kept()).toEqual([0, 0]);
});

test('an erasure that waits for a hold on somebody else is not late, and is once the hold is released', async () => {
	const deps = await renderWorld();
	const owner = await givenAccount(deps);
	const { accountId } = owner;
	const hold = { whence: WHENCE, targetId: owner.userId, matter: 'L-1' };
	await placeHold(deps, hold);
	const { erasureId } = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	await advanceOnce(deps, erasureId);
	deps.clock.advance({ hours: 24 * 40 });
	const lateOf = async () => {
		await deps.db.delete(evidencePoints);
		await collectEvidence(deps, { dueMs: deps.now().getTime() });
		const { classes } = await readEvidence(deps);
		return classes.find(({ dataClass }) => dataClass === 'erasure')?.late;
	};
	const held = await lateOf();
	await releaseHold(deps, hold);
	expect(await lateOf()).toBe((held ?? 0) + 1);
});

test('the same hold again is the same, two matters are two, and each has its entry in the record', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const hold = { whence: WHENCE, targetId: accountId, matter: 'C-1' };
	const first = await placeHold(deps, hold);
	expect(await placeHold(deps, hold)).toEqual(first);
	await placeHold(deps, { ...hold, matter: 'C-2' });
	expect((await listHolds(deps)).filter(({ targetId }) => targetId === accountId)).toHaveLength(2);
	await releaseHold(deps, hold);
	expect(await isHeld(deps.db, [accountId])).toBe(true);
	await releaseHold(deps, { ...hold, matter: 'C-2' });
	expect(await isHeld(deps.db, [accountId])).toBe(false);
	const { results } = await env.DB.prepare('select action from audit_entries where target_id = ? order by rowid')
		.bind(accountId)
		.all<{ action: string }>();
	expect(results.map(({ action }) => action)).toEqual(['hold.placed', 'hold.placed', 'hold.released', 'hold.released']);
});

test('a hold on nobody, and the release of none, are not found', async () => {
	const deps = await renderWorld();
	const order = { whence: WHENCE, targetId: deps.newId('account'), matter: 'D-1' };
	await expect(placeHold(deps, order)).rejects.toMatchObject({ code: 'not_found' });
	await expect(releaseHold(deps, order)).rejects.toMatchObject({ code: 'not_found' });
});
