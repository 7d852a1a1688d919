import { spawn } from 'node:child_process';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';
import { RenderAnswer } from '../../workers/api/contract';
import { AuditList } from '../../workers/api/contract/audit';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectOrder } from './support/trace';
import { until } from './support/until';
import type { ApiClient } from '../../scripts/start/api-client';

/* Support, incidents and looks as operators do them: commands over the network, in the one studio whose policy lets staff look. */

let it: TestEdge;
let person: ApiClient;
let email: string;
beforeAll(async () => {
	it = await startTestEdge({ studio: 'image' });
	const { client, account } = await it.openPractice('Ada');
	person = client;
	({ email } = account);
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

interface Ended {
	status: number | null;
	out: string;
	err: string;
}

function ops(...args: string[]): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const { PATH = '' } = process.env;
		const line = [fromRoot('scripts', 'run.mjs'), 'ops', ...args];
		const origin = args.includes('--help') ? [] : ['--origin', it.edge.appOrigin];
		const child = spawn(process.execPath, [...line, ...origin], {
			env: { PATH, OPERATOR_KEY: it.edge.secrets['OPERATOR_KEY'] ?? '' },
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

async function json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> {
	const { status, out, err } = await ops(...args, '--json');
	if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${err}`);
	return schema.parse(JSON.parse(out));
}

async function mailTo(address: string, subject: RegExp) {
	return until(`a mail like ${subject.source}`, async () => {
		await it.edge.runCron();
		return it.emulators.mail.messages().find((mail) => mail.to.includes(address) && subject.test(mail.subject));
	});
}

test('every command says how it is used', async () => {
	const names = ['tickets', 'ticket', 'incident', 'look', 'disclosure'];
	const helps = await Promise.all(names.map((name) => ops(name, '--help')));
	for (const [index, { status, out }] of helps.entries()) {
		expect([names[index], status]).toEqual([names[index], 0]);
		expect(out).toContain(`npm run ops -- ${names[index]}`);
	}
	const wrong = await Promise.all([
		ops('incident', 'forget'),
		ops('ticket'),
		ops('look', 'acc_1', '--reason', 'Why'),
		ops('look', 'rnd_1'),
		ops('incident', 'open', '--title', 'Leak', '--classes', 'account', '--from', '2026-02-30'),
	]);
	expect(wrong.map(({ status, out }) => [status, out])).toEqual(wrong.map(() => [2, '']));
});

test('a message is listed, shown, answered by mail and closed', async () => {
	const sent = await fetch(`${it.edge.appOrigin}/v1/tickets`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ email: 'bob@home.example', subject: 'Grey hair', words: 'Why grey?', key: 'k'.repeat(20) }),
	});
	expect(sent.status).toBe(201);
	const { id } = z.object({ id: z.string() }).parse(await sent.json());
	const listed = await ops('tickets');
	expect(listed).toMatchObject({ status: 1, out: expect.stringContaining(`${id}  Grey hair`) });
	expect(listed.out).not.toContain('bob@');
	expect((await ops('ticket', 'show', id)).out).toMatch(/from {7}bob@home\.example[^]*Why grey\?/);
	expect(await ops('ticket', 'reply', id, '--words', 'Ask for blond.')).toMatchObject({ status: 2 });
	const reply = ['ticket', 'reply', id, '--words', 'Ask for blond.', '--yes'];
	expect((await ops(...reply)).out).toBe('Answered\n');
	expect((await ops(...reply)).out).toMatch(/^Answered before/);
	expect((await mailTo('bob@home.example', /An answer/)).text).toContain('Ask for blond.');
	expect((await ops('ticket', 'close', id)).out).toMatch(/^Closed since/);
	const erased = ['ticket', 'erase', '--address', 'Bob@home.example', '--reason', 'Asked for it', '--yes'];
	expect((await ops(...erased)).out).toBe('Destroyed: 1\n');
	expect(await ops('ticket', 'show', id)).toMatchObject({ status: 3, out: '' });
});

test('staff looks at one order for a reason; its owner is mailed and reads of it', async () => {
	const { id } = await person.call(z.object({ id: z.string() }), 'POST', '/v1/renders', {
		headers: { 'idempotency-key': 'look-at-this-one' },
		body: { tool: 'image.generate', input: { prompt: 'a paper boat' } },
	});
	await until('the picture is there', async () => {
		await it.edge.runCron();
		const render = await person.call(RenderAnswer, 'GET', `/v1/renders/${id}`);
		return render.state === 'succeeded' ? render : undefined;
	});
	const Look = z.object({ accessId: z.string(), looks: z.number(), media: z.array(z.object({ url: z.string() })) });
	const look = await json(Look, 'look', id, '--reason', 'They wrote in about it', '--yes');
	expect(look.looks).toBe(1);
	expect((await fetch(look.media[0]?.url ?? '')).status).toBe(200);
	const again = await ops('look', look.accessId);
	expect(again.out).toMatch(/looks {3}2[^]*"a paper boat"/);
	expect((await mailTo(email, /Our staff looks/)).text).toContain('They wrote in about it');
	const { items } = await person.call(AuditList, 'GET', '/v1/audit?limit=20');
	expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['content.opened', 'content.looked_at']));
});

test('an incident is opened, described, told, reported and closed, and its notice is printed', async () => {
	const now = new Date().toISOString();
	const Opened = z.object({ id: z.string(), hoursLeft: z.number() });
	const times = ['--from', '2026-01-01', '--until', now, '--known', now];
	const opened = await json(
		Opened,
		'incident',
		'open',
		'--title',
		'A key leaked',
		'--classes',
		'account,render',
		...times,
	);
	expect(opened.hoursLeft).toBe(71);
	const listed = await ops('incident', 'list');
	expect(listed).toMatchObject({ status: 0, out: expect.stringMatching(/open {2,}71 h/) });
	const tell = ['incident', 'tell', opened.id, '--yes'];
	expect(await ops(...tell)).toMatchObject({ status: 3, err: expect.stringContaining('happened, consequences') });
	const words = [
		'--happened',
		'It leaked.',
		'--consequences',
		'Seen.',
		'--measures',
		'Changed.',
		'--advice',
		'Look out.',
	];
	expect((await ops('incident', 'describe', opened.id, ...words)).out).toBe('Described\n');
	const Affected = z.object({ people: z.number(), accounts: z.array(z.object({ accountId: z.string() })) });
	const affected = await json(Affected, 'incident', 'affected', opened.id);
	expect(affected).toMatchObject({ people: 1, accounts: [{ accountId: expect.stringMatching(/^acc_/) }] });
	expect((await ops('incident', 'report', opened.id)).out).toMatch(
		/people with an account: 1[^]*Changed\.[^]*Art\. 34/,
	);
	expect((await ops(...tell)).out).toMatch(/^Written to now: 1\./);
	expect((await ops(...tell)).out).toMatch(/^Written to now: 0\./);
	const mail = await mailTo(email, /About your data/);
	expect(mail.text).toMatch(/It leaked\.[^]*Orders, Your account[^]*Look out\./);
	expect(await ops('incident', 'close', opened.id)).toMatchObject({ status: 3 });
	expect((await ops('incident', 'reported', opened.id)).status).toBe(0);
	expect((await ops('incident', 'close', opened.id)).out).toBe('Closed\n');
	expect((await ops('incident', 'list')).out).toBe('None is open\n');
});

test('a disclosure that must not be told of is kept quiet until it is told', async () => {
	const { items } = await person.call(
		z.object({ items: z.array(z.object({ id: z.string() })) }),
		'GET',
		'/v1/accounts',
	);
	const given = ['--authority', 'Amtsgericht Köln', '--classes', 'billing', '--reason', 'Order 12', '--key', 'gs-12'];
	const command = ['disclosure', items[0]?.id ?? '', ...given, '--yes'];
	expect((await ops(...command, '--quiet')).out).toBe('Written down, and not told\n');
	const recorded = async () => {
		const audit = await person.call(AuditList, 'GET', '/v1/audit?limit=50');
		return audit.items.filter(({ action }) => action === 'data.disclosed').length;
	};
	expect(await recorded()).toBe(0);
	expect((await ops(...command)).out).toBe('Written down, and told\n');
	expect(await recorded()).toBe(1);
});
