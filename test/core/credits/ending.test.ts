import { drizzle } from 'drizzle-orm/d1';
import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { creditBuckets } from '../../../schema/credits';
import { mails } from '../../../schema/mail';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { freezeCredits } from '../../../workers/core/credits/dispute-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import type { GrantSource } from '../../../workers/core/credits/statements';
import { ENDING_MS } from '../../../workers/core/credits/ends-soon';
import { listEnding, tellEnding } from '../../../workers/core/credits/tell-ending';
import { renderMail } from '../../../workers/core/mail/render-mail';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { toCredits } from '../../../workers/core/money';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount, givenHold, givenMember } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { planOf } from './given-work';

const DAY_MS = 86_400_000;
const LIMIT = 1000;

/** A pack of 100 credits that ends in `days` days; answers its bucket. */
async function givenPack(
	deps: TestDeps,
	accountId: string,
	{ days = 14, source = 'pack', credits = 100 }: { days?: number; source?: GrantSource; credits?: number } = {},
): Promise<string> {
	const purchaseId = `pi_${crypto.randomUUID()}`;
	const entryId = `grant:stripe:${purchaseId}`;
	await grantCredits(deps, {
		entryId,
		accountId,
		amount: toCredits(credits),
		source,
		expiresAtMs: deps.now().getTime() + days * DAY_MS,
		purchaseId,
	});
	return entryId;
}

/** An owner, one for billing and one of the staff, of an account without other credits. */
async function given() {
	const deps = freshDeps();
	const owner = await givenAccount(deps, { credits: 0 });
	const { accountId } = owner;
	const billing = await givenMember(deps, { accountId, role: 'billing' });
	await givenMember(deps, { accountId, role: 'staff' });
	await givenMember(deps, { accountId, role: 'clinician' });
	return { deps, accountId, owner: `${owner.userId}@practice.test`, billing: billing.email };
}

/** The packs of this test that would be told of now. */
async function due(deps: TestDeps, ...ours: string[]): Promise<string[]> {
	const all = await listEnding(deps, { dueMs: deps.now().getTime(), limit: LIMIT });
	return all.filter((id) => ours.includes(id));
}

async function toldAt(deps: TestDeps, bucketId: string): Promise<number | null> {
	const [row] = await deps.db.select().from(creditBuckets).where(eq(creditBuckets.id, bucketId));
	return row!.toldAtMs;
}

/** The mails that the queue was told of, opened. */
async function mailed(deps: TestDeps) {
	const ids = deps.sent.flatMap(({ message }) => (message.type === 'mail.send' ? [message.mailId] : []));
	const rows = ids.length === 0 ? [] : await deps.db.select().from(mails).where(inArray(mails.id, ids));
	const opened = await Promise.all(rows.map(({ id, sealed }) => openMail(deps.mailKey, id, sealed!)));
	return opened.toSorted((a, b) => (a.to < b.to ? -1 : 1));
}

/** How many mails of this kind there are for an account, told of or not. */
async function storedFor(deps: TestDeps, addresses: readonly string[]): Promise<number> {
	const rows = await deps.db.select().from(mails).where(eq(mails.kind, 'credits_ending'));
	const opened = await Promise.all(rows.map(({ id, sealed }) => openMail(deps.mailKey, id, sealed!)));
	return opened.filter(({ to }) => addresses.includes(to)).length;
}

test('two weeks before a pack ends its owner and who looks after billing are told, once', async () => {
	const { deps, accountId, owner, billing } = await given();
	const bucketId = await givenPack(deps, accountId, { days: 365 });
	const endsAtMs = deps.now().getTime() + 365 * DAY_MS;
	deps.clock.advance({ hours: (365 - 14) * 24 - 1 });
	expect(await due(deps, bucketId)).toEqual([]);
	deps.clock.advance({ hours: 1 });
	expect(await due(deps, bucketId)).toEqual([bucketId]);

	await tellEnding(deps, { bucketId });
	await tellEnding(deps, { bucketId });

	expect(await mailed(deps)).toEqual(
		[owner, billing].toSorted().map((to) => ({
			kind: 'credits_ending',
			to,
			accountName: 'Practice',
			credits: 100,
			boughtAtMs: Date.UTC(2026, 10, 21, 12),
			endsAtMs,
		})),
	);
	expect(await storedFor(deps, [owner, billing])).toBe(2);
	expect(await toldAt(deps, bucketId)).toBe(deps.now().getTime());
	expect(await due(deps, bucketId)).toEqual([]);
});

test('told of is what can be spent: neither what was charged nor what is set aside', async () => {
	const { deps, accountId } = await given();
	const bucketId = await givenPack(deps, accountId);
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	await givenHold(deps, accountId, 20);
	await tellEnding(deps, { bucketId });
	expect(await mailed(deps)).toMatchObject([{ credits: 56 }, { credits: 56 }]);
});

test('a pack that is spent, or wholly set aside, is not told of until something comes back', async () => {
	const { deps, accountId } = await given();
	const spent = await givenPack(deps, accountId, { days: 10, credits: 24 });
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	const frozen = await givenPack(deps, accountId, { days: 11 });
	await freezeCredits(deps, { disputeId: 'dp_ending', purchaseId: frozen.slice('grant:stripe:'.length), amount: 100 });

	expect(await due(deps, spent, frozen)).toEqual([]);
	await tellEnding(deps, { bucketId: spent });
	await tellEnding(deps, { bucketId: frozen });
	expect(await mailed(deps)).toEqual([]);
	expect(await toldAt(deps, frozen)).toBeNull();
});

test('packs alone are told of, the soonest first, never after their end, and no more than the limit', async () => {
	const { deps, accountId } = await given();
	const later = await givenPack(deps, accountId, { days: 13 });
	const sooner = await givenPack(deps, accountId, { days: 2 });
	const plan = await givenPack(deps, accountId, { days: 3, source: 'plan' });
	const promo = await givenPack(deps, accountId, { days: 3, source: 'promo' });
	const ended = await givenPack(deps, accountId, { days: -1 });
	const far = await givenPack(deps, accountId, { days: 15 });
	expect(await due(deps, later, sooner, plan, promo, ended, far)).toEqual([sooner, later]);
	expect(await listEnding(deps, { dueMs: deps.now().getTime(), limit: 1 })).toHaveLength(1);
});

test('two that tell at once mail once', async () => {
	const { deps, accountId, owner, billing } = await given();
	const bucketId = await givenPack(deps, accountId);
	await Promise.all([tellEnding(deps, { bucketId }), tellEnding(deps, { bucketId }), tellEnding(deps, { bucketId })]);
	expect(await storedFor(deps, [owner, billing])).toBe(2);
});

test.each(['before', 'after'] as const)('a connection lost %s the write leaves one mail for each', async (fault) => {
	const { deps, accountId, owner, billing } = await given();
	const bucketId = await givenPack(deps, accountId);
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault), CONNECTION_LOST);
	await tellEnding({ ...deps, db: drizzle(db) }, { bucketId });
	expect(happened[fault]).toBe(1);
	expect(await storedFor(deps, [owner, billing])).toBe(2);
	expect(await toldAt(deps, bucketId)).not.toBeNull();
});

test('a write that fails leaves neither mail nor note, and the next time tells', async () => {
	const { deps, accountId, owner, billing } = await given();
	const bucketId = await givenPack(deps, accountId);
	const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
	await expect(tellEnding({ ...deps, db: drizzle(db) }, { bucketId })).rejects.toThrow(/Failed query|to be reset/);
	expect(await storedFor(deps, [owner, billing])).toBe(0);
	expect(await toldAt(deps, bucketId)).toBeNull();
	expect(deps.sent).toEqual([]);
	await tellEnding(deps, { bucketId });
	expect(await mailed(deps)).toHaveLength(2);
});

test('telling takes a read and one batch, and looking reads what ends soon alone', async () => {
	const { deps, accountId } = await given();
	const bucketId = await givenPack(deps, accountId);
	const counting = countD1(deps.d1);
	await tellEnding({ ...deps, db: drizzle(counting.db) }, { bucketId });
	expect(counting.count).toEqual({ statements: 4, batches: 1 });

	const sent: string[] = [];
	const seen = interceptD1(deps.d1, (call, run) => {
		sent.push(...call.sql);
		return run();
	});
	await listEnding({ db: drizzle(seen) }, { dueMs: 1, limit: 1 });
	expect(await planOf(deps.d1, sent[0]!)).toBe(
		'SEARCH credit_buckets USING INDEX credit_buckets_ending (expires_at_ms>? AND expires_at_ms<?)',
	);
});

test('the letter says how many, of what, when, and where to look', () => {
	const { studio } = freshDeps();
	const mail = {
		kind: 'credits_ending' as const,
		to: 'ada@practice.test',
		accountName: 'Practice',
		credits: 40,
		boughtAtMs: Date.UTC(2025, 11, 5, 14, 3),
		endsAtMs: Date.UTC(2026, 11, 5, 14, 3),
	};
	const { subject, text } = renderMail({ studio, appOrigin: 'https://app.test' }, mail);
	expect(subject).toBe('40 credits end on 5 December 2026: Dental Diffusion');
	expect(text).toContain(
		'Practice bought a pack of credits at Dental Diffusion on 5 December 2025, and 40 credits of it are left. What is still left on 5 December 2026, 14:03 UTC, ends then.',
	);
	expect(text).toContain('https://app.test/credits');
	const one = renderMail({ studio, appOrigin: 'https://app.test' }, { ...mail, credits: 1 });
	expect(one.subject).toBe('1 credit ends on 5 December 2026: Dental Diffusion');
	expect(one.text).toContain('and 1 credit of it is left.');
	expect(ENDING_MS).toBe(14 * DAY_MS);
});
