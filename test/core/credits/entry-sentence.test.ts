import { expect, test } from 'vitest';

import { bucketTitle, type TitledBucket } from '../../../workers/core/credits/bucket-title';
import { collectOwed } from '../../../workers/core/credits/collect-owed';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { freezeCredits, loseCredits, thawCredits } from '../../../workers/core/credits/dispute-credits';
import { entrySentence, type ToldEntry } from '../../../workers/core/credits/entry-sentence';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { ENTRY_KINDS, listEntries } from '../../../workers/core/credits/list-entries';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { reinstateCredits } from '../../../workers/core/credits/reinstate-credits';
import { returnCredits } from '../../../workers/core/credits/return-credits';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import type { GrantSource } from '../../../workers/core/credits/statements';
import { toCredits } from '../../../workers/core/money';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, givenHold } from '../../support/given';

const NOW_MS = Date.UTC(2026, 10, 21, 12);

function bucket(source: GrantSource, createdAtMs: number, id = `grant:x:${source}`): TitledBucket {
	return { id, accountId: 'acc_1', source, createdAtMs };
}

test.each([
	[bucket('plan', Date.UTC(2026, 10, 3)), 'November plan'],
	[bucket('plan', Date.UTC(2025, 11, 31, 23, 59)), 'December 2025 plan'],
	[bucket('pack', Date.UTC(2026, 8, 3)), 'Pack of 3 September'],
	[bucket('pack', Date.UTC(2025, 8, 3)), 'Pack of 3 September 2025'],
	[bucket('promo', NOW_MS, 'grant:welcome:acc_1'), 'Credits to start with'],
	[bucket('promo', NOW_MS), 'Credits added on 21 November'],
	[bucket('refund', NOW_MS), 'Given back'],
])('%j is called %s', (of, title) => {
	expect(bucketTitle(of, NOW_MS)).toBe(title);
});

/** An account whose ledger the test writes, with one purchase of each name. */
async function given(credits = 0) {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits });
	const grant = (name: string, amount: number, source: GrantSource = 'pack', days: number | null = null) =>
		grantCredits(deps, {
			entryId: `grant:${name}:${accountId}`,
			accountId,
			amount: toCredits(amount),
			source,
			purchaseId: `${name}_${accountId}`,
			...(days === null ? {} : { expiresAtMs: deps.now().getTime() + days * 86_400_000 }),
		});
	return { deps, accountId, grant, purchase: (name: string) => `${name}_${accountId}` };
}

async function sentences(deps: TestDeps, accountId: string) {
	const { items } = await listEntries(deps, { accountId, limit: 100 });
	return items.map(({ sentence }) => sentence).toReversed();
}

async function spend(deps: TestDeps, accountId: string, credits: number) {
	const hold = await givenHold(deps, accountId, credits);
	await captureCredits(deps, hold);
	return hold;
}

test('grants and their ends say which credits', async () => {
	const { deps, accountId, grant } = await given(60);
	await grant('plan', 300, 'plan', 1);
	await grant('pack', 100, 'pack', 2);
	await grant('added', 20, 'promo', 3);
	await grant('back', 1, 'refund', 4);
	for (let day = 0; day < 4; day += 1) {
		deps.clock.advance({ hours: 24 });
		await expireCredits(deps, { dueMs: deps.now().getTime(), limit: 1000 });
	}
	expect(await sentences(deps, accountId)).toEqual([
		'60 credits to start with.',
		'300 credits of the November plan.',
		'100 credits bought.',
		'20 credits added.',
		'1 credit given back.',
		'300 credits of the November plan ended.',
		'100 credits of the pack of 21 November ended.',
		'20 of the credits added on 21 November ended.',
		'1 credit that had been given back ended.',
	]);
});

test('a charge names every kind of credits that it took, and its return says so', async () => {
	const { deps, accountId, grant } = await given(10);
	await grant('plan', 10, 'plan', 30);
	await grant('pack', 10);
	const { renderId } = await spend(deps, accountId, 24);
	await returnCredits(deps, { renderId });
	const { items } = await listEntries(deps, { accountId, limit: 2 });
	const from = ['November plan', 'Credits to start with', 'Pack of 21 November'];
	expect(items).toMatchObject([
		{ amount: 24, from, sentence: '24 credits came back for a smile that had been charged.' },
		{ amount: -24, from, sentence: '24 credits paid for a smile.' },
	]);
});

test('a refund says what went back and what is owed, and what comes later pays it', async () => {
	const { deps, accountId, grant, purchase } = await given();
	await grant('pi', 100);
	await spend(deps, accountId, 80);
	await reverseCredits(deps, { refundId: `re_a${accountId}`, purchaseId: purchase('pi'), targetCredits: 10 });
	await reverseCredits(deps, { refundId: `re_b${accountId}`, purchaseId: purchase('pi'), targetCredits: 40 });
	await reverseCredits(deps, { refundId: `re_c${accountId}`, purchaseId: purchase('pi'), targetCredits: 41 });
	await reverseCredits(deps, { refundId: `re_d${accountId}`, purchaseId: purchase('pi'), targetCredits: 100 });
	await grant('next', 200);
	await collectOwed(deps, { limit: 1000 });
	await reinstateCredits(deps, { causeId: `re_d${accountId}` });
	expect((await sentences(deps, accountId)).slice(2)).toEqual([
		'10 credits went back with the refund.',
		'30 credits went back with the refund. 20 of them had been spent already, so those are owed.',
		'1 credit went back with the refund. It had been spent already, so it is owed.',
		'59 credits went back with the refund. They had been spent already, so they are owed.',
		'200 credits bought.',
		'80 credits paid what was owed.',
		'59 credits came back: the refund did not go through.',
	]);
});

test('a dispute says what the bank does at each step', async () => {
	const { deps, accountId, grant, purchase } = await given();
	const disputed = (name: string, amount = 100) => ({
		disputeId: `dp_${name}${accountId}`,
		purchaseId: purchase(name),
		amount,
	});
	for (const name of ['kept', 'lost']) await grant(name, 100);
	await freezeCredits(deps, disputed('kept'));
	await thawCredits(deps, disputed('kept'));
	await freezeCredits(deps, disputed('lost'));
	await loseCredits(deps, disputed('lost'));
	await reinstateCredits(deps, { causeId: disputed('lost').disputeId });
	await grant('spent', 10);
	await spend(deps, accountId, 210);
	await freezeCredits(deps, disputed('spent', 10));
	await thawCredits(deps, disputed('spent', 10));
	expect((await sentences(deps, accountId)).slice(2)).toEqual([
		'100 credits set aside while the bank looks into the payment.',
		'100 credits can be spent again: the bank has let the payment stand.',
		'100 credits set aside while the bank looks into the payment.',
		'100 credits went back with the payment, as the bank decided.',
		'100 credits came back: the bank has let the payment stand after all.',
		'10 credits bought.',
		'210 credits paid for a smile.',
		'The bank looks into a payment of which no credits are left to set aside.',
		'The bank has let the payment stand. Nothing had been set aside.',
	]);
	const { items } = await listEntries(deps, { accountId, limit: 100 });
	expect(items.reduce((sum, { amount }) => sum + amount, 0)).toBe((await readBalance(deps, { accountId })).available);
});

test('every kind of entry has a sentence for people, whatever its figures', () => {
	for (const kind of ENTRY_KINDS) {
		for (const amount of [1, 2]) {
			for (const owed of [0, 1, amount]) {
				for (const causeId of [null, 're_1', 'dp_1']) {
					const held = kind === 'thaw' ? -amount : amount;
					const entry: ToldEntry = { id: 'x', accountId: 'acc_1', kind, amount, held, owed, causeId };
					const sentence = entrySentence(entry, { buckets: [], work: 'smile', nowMs: NOW_MS });
					expect(sentence).toMatch(/^[A-Z0-9][^_:;!]*(: [^_:;!]*)?\.$/);
					expect(sentence).not.toMatch(/undefined|null|NaN|\b1 credits|\s{2}/);
				}
			}
		}
	}
});
