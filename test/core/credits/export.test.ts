import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { csvRow } from '../../../workers/core/credits/csv-row';
import { exportEntries } from '../../../workers/core/credits/export-entries';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { sealLedger } from '../../../workers/core/credits/seal-ledger';
import { toCredits } from '../../../workers/core/money';
import { countD1 } from '../../support/counting-d1';
import { freshDeps } from '../../support/deps';
import { givenAccount, givenHold } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { planOf } from './given-work';

const HEAD = 'seq,id,at,kind,credits,balance,posted,held,owed,work,purchase,cause,ends,hash';

async function given() {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	deps.clock.advance({ minutes: 1 });
	const charged = await givenHold(deps, accountId, 24);
	await captureCredits(deps, charged);
	const freed = await givenHold(deps, accountId, 20);
	await releaseCredits(deps, freed);
	await grantCredits(deps, {
		entryId: `grant:stripe:pi_${accountId}`,
		accountId,
		amount: toCredits(100),
		source: 'pack',
		purchaseId: `pi_${accountId}`,
	});
	return { deps, accountId, charged, freed };
}

function linesOf(csv: string): string[] {
	expect(csv.endsWith('\r\n')).toBe(true);
	return csv.slice(0, -2).split('\r\n');
}

test('the whole ledger is written oldest first, with holds that ended, and its sum is the balance', async () => {
	const { deps, accountId, charged, freed } = await given();

	const { csv, nextSeq } = await exportEntries(deps, { accountId, afterSeq: 0 });

	expect(nextSeq).toBeNull();
	const at = '2026-11-21T12:01:00.000Z';
	expect(linesOf(csv)).toEqual([
		HEAD,
		`1,grant:welcome:${accountId},2026-11-21T12:00:00.000Z,grant,60,60,60,0,0,,,,,`,
		`2,${charged.holdId},${at},hold,-24,36,0,24,0,${charged.renderId},,,,`,
		`3,capture:${charged.renderId},${at},capture,0,36,-24,-24,0,${charged.renderId},,,${charged.holdId},`,
		`4,${freed.holdId},${at},hold,-20,16,0,20,0,${freed.renderId},,,,`,
		`5,release:${freed.renderId},${at},release,20,36,0,-20,0,${freed.renderId},,,${freed.holdId},`,
		`6,grant:stripe:pi_${accountId},${at},grant,100,136,100,0,0,,pi_${accountId},,,`,
	]);
	const rows = linesOf(csv).slice(1);
	const { available } = await readBalance(deps, { accountId });
	expect(rows.reduce((sum, row) => sum + Number(row.split(',')[4]), 0)).toBe(available);
	let running = 0;
	for (const row of rows) expect(Number(row.split(',')[5])).toBe((running += Number(row.split(',')[4])));
});

test('each sealed entry carries the hash of its chain', async () => {
	const { deps, accountId } = await given();
	while ((await sealLedger(deps, { limit: 50 })) > 0);

	const { csv } = await exportEntries(deps, { accountId, afterSeq: 0 });
	const hashes = linesOf(csv)
		.slice(1)
		.map((line) => line.split(',').at(-1)!);
	const { results } = await deps.d1
		.prepare('select hash from credit_seals where account_id = ? order by seq')
		.bind(accountId)
		.all<{ hash: string }>();
	expect(hashes).toEqual(results.map(({ hash }) => hash));
	expect(new Set(hashes).size).toBe(6);
	for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test.each([1, 2, 3, 4, 5, 6, 7])('pages of %i are the same file', async (limit) => {
	const { deps, accountId } = await given();
	const whole = await exportEntries(deps, { accountId, afterSeq: 0 });
	let csv = '';
	let pages = 0;
	for (let afterSeq: number | null = 0; afterSeq !== null; pages += 1) {
		const page: Awaited<ReturnType<typeof exportEntries>> = await exportEntries(deps, { accountId, afterSeq, limit });
		csv += page.csv;
		afterSeq = page.nextSeq;
	}
	expect(csv).toBe(whole.csv);
	expect(pages).toBe(Math.floor(6 / limit) + 1);
});

test('a page is one statement that reads that page alone', async () => {
	const { deps, accountId } = await given();
	const counting = countD1(deps.d1);
	await exportEntries({ db: drizzle(counting.db) }, { accountId, afterSeq: 2 });
	expect(counting.count).toEqual({ statements: 1, batches: 0 });

	const sent: string[] = [];
	const seen = interceptD1(deps.d1, (call, run) => {
		sent.push(...call.sql);
		return run();
	});
	await exportEntries({ db: drizzle(seen) }, { accountId, afterSeq: 2 });
	const plan = await planOf(deps.d1, sent[0]!);
	expect(plan).toContain('SEARCH credit_entries USING INDEX credit_entries_order (account_id=? AND seq>?)');
	expect(plan).not.toMatch(/\bSCAN\b|TEMP B-TREE/);
});

test('an account that was never opened has a file of its head alone', async () => {
	const { deps } = await given();
	expect(await exportEntries(deps, { accountId: 'acc_none', afterSeq: 0 })).toEqual({
		csv: `${HEAD}\r\n`,
		nextSeq: null,
	});
});

test.each([
	['plain', 'plain'],
	['a,b', '"a,b"'],
	['say "yes"', '"say ""yes"""'],
	['two\nlines', '"two\nlines"'],
	['two\r\nlines', '"two\r\nlines"'],
	['=1+1', "'=1+1"],
	['+1', "'+1"],
	['-1', "'-1"],
	['@SUM(A1)', "'@SUM(A1)"],
	['\tx', "'\tx"],
	['\rx', `"'\rx"`],
	['=HYPERLINK("http://x.test","a")', `"'=HYPERLINK(""http://x.test"",""a"")"`],
	['', ''],
])('the text %j is written as %j', (text, cell) => {
	expect(csvRow([text])).toBe(`${cell}\r\n`);
});

test('numbers stay numbers, and nothing is an empty cell', () => {
	expect(csvRow([-24, 0, null, 7])).toBe('-24,0,,7\r\n');
});
