import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';
import { AuditList } from '../../workers/api/contract/audit';
import { givenPractice, type Practice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder, rowsOf } from './support/trace';
import { until } from './support/until';

/* The commands as operators call them: a process of their own, over the network, against a running edge. */

const COMMANDS = [
	'grant',
	'refund',
	'ledger',
	'audit',
	'reconcile',
	'prepare-stripe',
	'rotate-vault',
	'seal-earlier',
	'replay-erasures',
	'announce',
	'suppressions',
];
const REASON = ['--reason', 'A test of the commands'];

let it: TestEdge;
let practice: Practice;
let accountId: string;
/** A home without a running edge, so that none of this machine is found. */
let home: string;
beforeAll(async () => {
	it = await startTestEdge();
	home = await mkdtemp(join(tmpdir(), 'afterglow-ops-'));
	practice = await givenPractice(it.edge);
	accountId = z.object({ id: z.string() }).parse((await rowsOf(it.edge, 'accounts')).at(-1)).id;
});
afterEach(() => expectOrder(it));
afterAll(async () => {
	await it.close();
	await rm(home, { recursive: true, force: true });
});

interface Ended {
	status: number | null;
	out: string;
	err: string;
}

/** Runs the command as `npm run ops` does, with nobody at its input. */
function run(args: readonly string[], env: Record<string, string>): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const { PATH = '' } = process.env;
		const child = spawn(process.execPath, [fromRoot('scripts', 'run.mjs'), 'ops', ...args], {
			env: { PATH, AFTERGLOW_HOME: home, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let out = '';
		let err = '';
		child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
		child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
		child.once('error', reject);
		child.once('close', (status) => resolve({ status, out, err }));
	});
}

/** At this file's edge, with its key in the environment. */
function ops(...args: string[]): Promise<Ended> {
	const OPERATOR_KEY = it.edge.secrets['OPERATOR_KEY'] ?? '';
	return run([...args, '--origin', it.edge.appOrigin], { OPERATOR_KEY });
}

async function json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> {
	const { status, out, err } = await ops(...args, '--json');
	if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${err}`);
	return schema.parse(JSON.parse(out));
}

async function recorded(action: string) {
	const { items } = await practice.call(AuditList, 'GET', '/v1/audit?limit=100');
	return items.filter((entry) => entry.action === action);
}

test('every command says how it is used, and asks nobody for that', async () => {
	const all = await run(['--help'], {});
	expect(all).toMatchObject({ status: 0, err: '' });
	await Promise.all(
		COMMANDS.map(async (name) => {
			expect(all.out).toContain(`  ${name} `);
			const { status, out } = await run([name, '--help'], {});
			expect([name, status]).toEqual([name, 0]);
			expect(out).toContain(`npm run ops -- ${name}`);
		}),
	);
	expect((await run([], {})).status).toBe(2);
});

const WRONG_USES: readonly (readonly [args: readonly string[], sentence: RegExp])[] = [
	[['mint'], /There is no command "mint"/],
	[['grant', 'ACCOUNT', '0', ...REASON, '--yes'], /CREDITS is a whole number/],
	[['grant', 'ACCOUNT', '5', '--yes'], /Say why with --reason/],
	[['grant', 'ACCOUNT', '5', ...REASON, '--yes', '--expires', '2027-02-30'], /--expires takes a day/],
	[['grant', 'ACCOUNT', '5', ...REASON], /nobody to ask here: say --yes/],
	[['refund', 'rnd_1', ...REASON, '--yes', '--cents', '5'], /neither --cents nor --key/],
	[['refund', 'cus_1', ...REASON, '--yes'], /neither a payment/],
	[['audit', '--frobnicate'], /frobnicate/],
];

test('what is called wrongly ends with 2 and a sentence, and nothing is sent', async () => {
	await expectNoTrace(it, async () => {
		await Promise.all(
			WRONG_USES.map(async ([args, sentence]) => {
				const { status, out, err } = await ops(...args.map((word) => (word === 'ACCOUNT' ? accountId : word)));
				expect([args, status, out]).toEqual([args, 2, '']);
				expect(err).toMatch(sentence);
			}),
		);
		const nowhere = await run(['audit'], {});
		expect(nowhere).toMatchObject({ status: 2, err: expect.stringMatching(/Nothing runs on this machine/) });
		const plain = await run(['audit', '--origin', 'http://smiles.example.com'], { OPERATOR_KEY: 'x'.repeat(40) });
		expect(plain).toMatchObject({ status: 2, err: expect.stringMatching(/--origin takes an address/) });
	});
});

test('another key, and none, end with 3 and leave nothing', async () => {
	await expectNoTrace(it, async () => {
		const wrong = await run(['audit', '--origin', it.edge.appOrigin], { OPERATOR_KEY: 'x'.repeat(43) });
		expect(wrong).toMatchObject({
			status: 3,
			out: '',
			err: expect.stringMatching(/^It answers as if it had no operations/),
		});
		const none = await run(['audit', '--origin', it.edge.appOrigin], {});
		expect(none).toMatchObject({ status: 2, err: expect.stringMatching(/OPERATOR_KEY/) });
	});
});

test('the edge of this machine and its key are found by themselves', async () => {
	const state = join(home, '.afterglow', 'dental');
	await mkdir(state, { recursive: true });
	await writeFile(join(state, 'lock.json'), JSON.stringify({ pid: process.pid, origin: it.edge.appOrigin }));
	await writeFile(join(state, 'secrets.json'), JSON.stringify({ OPERATOR_KEY: it.edge.secrets['OPERATOR_KEY'] }));
	try {
		const found = await run(['audit', '--json'], {});
		expect(found).toMatchObject({ status: 0, err: '' });
		const other = await run(['audit', '--studio', 'media'], {});
		expect(other).toMatchObject({ status: 2, err: expect.stringMatching(/Nothing runs/) });
	} finally {
		await rm(join(home, '.afterglow'), { recursive: true });
	}
});

test('a grant is made once, however often it is sent, and the owner reads of it', async () => {
	const before = await practice.credits();
	const command = ['grant', accountId, '50', ...REASON, '--yes', '--expires', '2030-01-31'];
	const first = await ops(...command);
	expect(first).toMatchObject({ status: 0, err: '' });
	expect(first.out).toMatch(/^Granted\n {2}account {2}acc_/);
	expect(first.out).toContain('2030-02-01T00:00:00.000Z');
	const again = await ops(...command);
	expect(again).toMatchObject({ status: 0, out: expect.stringMatching(/^Granted before: nothing was added now/) });
	expect((await practice.credits()).available).toBe(before.available + 50);
	const Granted = z.object({ isNew: z.boolean(), key: z.string() });
	const named = await json(Granted, ...command, '--key', 'once-more');
	expect(named).toEqual({ isNew: true, key: 'once-more' });
	expect((await practice.credits()).available).toBe(before.available + 100);
	expect(await recorded('credits.granted')).toMatchObject([
		{ who: { id: 'operator', name: 'Support' }, facts: { credits: '50' }, reason: 'A test of the commands' },
		{ reason: 'A test of the commands' },
	]);
	const nobody = await ops('grant', 'acc_none', '5', ...REASON, '--yes');
	expect(nobody).toMatchObject({ status: 3, out: '', err: 'There is no such account, or it is not yours.\n' });
});

test('prices are made at Stripe once', async () => {
	const Made = z.object({ made: z.array(z.string()) });
	await json(Made, 'prepare-stripe', ...REASON);
	expect(await json(Made, 'prepare-stripe', ...REASON)).toEqual({ made: [] });
	expect((await ops('prepare-stripe', ...REASON)).out).toBe('Everything was there; nothing was made\n');
});

const Ledger = z.object({
	balance: z.object({ available: z.number() }),
	chain: z.object({ state: z.string(), brokenAt: z.number().nullable() }),
	entries: z.object({
		items: z.array(z.object({ kind: z.string(), amount: z.number(), purchaseId: z.string().nullable() })),
	}),
});

function ledgerOf() {
	return json(Ledger, 'ledger', accountId);
}

/** What is typed at the till's page. */
const CARD = {
	email: 'ada@practice.example',
	name: 'Ada',
	country: 'DE',
	postal_code: '10115',
	method: 'card',
	card_number: '4242424242424242',
	card_expiry: '12/34',
	card_cvc: '123',
};

test('a bought pack is refunded in part, once, and its credits follow', async () => {
	const { url } = await practice.call(z.object({ url: z.string() }), 'POST', '/v1/billing/checkout', {
		body: { item: 'pack.100' },
	});
	const paid = await fetch(url, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams(CARD),
	});
	expect(paid.status).toBe(303);
	const bought = await until('the pack is granted', async () => {
		await it.edge.runCron();
		const { entries } = await ledgerOf();
		return entries.items.find(({ purchaseId }) => purchaseId !== null);
	});
	const payment = bought.purchaseId ?? '';
	const { available } = await practice.credits();

	const Refunded = z.object({ refund: z.string(), cents: z.number() });
	const command = ['refund', payment, '--cents', '950', ...REASON, '--yes'];
	const first = await json(Refunded, ...command);
	expect(await json(Refunded, ...command)).toEqual(first);
	expect(
		it.emulators.stripe.requests().filter(({ path, method }) => method === 'POST' && path === '/v1/refunds'),
	).toHaveLength(1);

	const reversed = await until('the credits went back', async () => {
		await it.edge.runCron();
		const { entries } = await ledgerOf();
		return entries.items.find(({ kind }) => kind === 'reversal');
	});
	expect((await practice.credits()).available).toBe(available + reversed.amount);
	expect(reversed.amount).toBeLessThan(0);
	expect(await recorded('refund.asked')).toHaveLength(1);
	expect(await recorded('refund.made')).toMatchObject([{ facts: { refund: first.refund }, target: { id: payment } }]);

	const tooMuch = await ops('refund', payment, '--cents', '1000000', ...REASON, '--yes');
	expect(tooMuch).toMatchObject({ status: 3, err: expect.stringMatching(/Nothing was refunded now/) });
	expect((await ops('refund', 'rnd_none', ...REASON, '--yes')).status).toBe(3);
});

test('a ledger is shown without a name, and a broken chain is told by 1', async () => {
	const shown = await ops('ledger', accountId);
	expect(shown.status).toBe(0);
	expect(shown.out).toContain('Credits to start with');
	expect(shown.out).toMatch(/chain {6}verified, \d+ of \d+ sealed/);
	expect(shown.out).not.toContain('Test practice');
	expect(await recorded('ledger.read')).not.toEqual([]);

	await it.edge.runCron();
	const db = await it.edge.d1();
	const change = (by: number) =>
		db
			.prepare('update credit_entries set created_at_ms = created_at_ms + ? where account_id = ? and seq = 1')
			.bind(by, accountId)
			.run();
	await change(1);
	const broken = await ops('ledger', accountId);
	expect(broken).toMatchObject({ status: 1, out: expect.stringMatching(/BROKEN at entry 1/) });
	const audited = await ops('audit');
	expect(audited).toMatchObject({ status: 1, out: expect.stringMatching(/^Something does not add up/) });
	expect(audited.out).toContain(`${accountId}: the chain is broken (entry 1)`);
	await change(-1);
	expect(await ops('audit')).toMatchObject({
		status: 0,
		out: expect.stringMatching(/^Everything adds up\n {2}accounts/),
	});
});

test('a comparison is begun once a key, waited for, and read by its name', async () => {
	const Begun = z.object({ run: z.string(), waiting: z.number() });
	const begun = await json(Begun, 'reconcile', '--key', 'ours', '--no-wait', ...REASON);
	expect(begun.run).toBe('operator:ours');
	const Run = z.object({ run: z.string(), state: z.string(), days: z.array(z.object({ day: z.string() })) });
	const ended = await json(Run, 'reconcile', '--key', 'ours', ...REASON);
	expect(ended).toMatchObject({ run: 'operator:ours', state: 'done' });
	expect(ended.days).toHaveLength(30);
	const shown = await ops('reconcile', '--run', 'operator:ours');
	expect(shown.status).toBe(0);
	expect(shown.out).toMatch(/^Every day was compared\n/);
	expect((await ops('reconcile', '--run', 'never')).status).toBe(3);
});

test('in a studio whose policy lets nobody look, an order is not opened, and nothing is left', async () => {
	await expectNoTrace(it, async () => {
		const refused = await ops('look', 'rnd_any', ...REASON, '--yes');
		expect(refused).toMatchObject({ status: 3, out: '', err: expect.stringMatching(/lets nobody here look/) });
	});
});

test('the vault’s keys are wrapped anew, what is older is sealed and what came back is erased, each to its end', async () => {
	const { id: subjectId } = await practice.call(z.object({ id: z.string() }), 'POST', '/v1/subjects', {
		body: { reference: 'M-77' },
	});
	const d1 = await it.edge.d1();
	const forget = d1.prepare(`update subjects set reference = 'M-77', reference_hash = null where id = ?`);
	await forget.bind(subjectId).run();
	expect(await ops('audit')).toMatchObject({ status: 1, out: expect.stringMatching(/unsealed rows +1\n/) });

	expect(await ops('seal-earlier')).toMatchObject({
		status: 0,
		out: expect.stringMatching(/^Nothing lies unsealed\n/),
	});
	expect(await ops('audit')).toMatchObject({ status: 0 });
	expect(await ops('rotate-vault')).toMatchObject({
		status: 0,
		err: '',
		out: expect.stringMatching(/^Every key is under the newest secret\n[^]*left +0\n/),
	});
	expect(await ops('replay-erasures')).toMatchObject({
		status: 0,
		out: expect.stringMatching(/^Nothing erased came back\n/),
	});
	const List = z.object({ subject: z.object({ reference: z.string() }) });
	const read = await practice.call(List, 'GET', `/v1/consents?subjectId=${subjectId}`);
	expect(read.subject.reference).toBe('M-77');
});
