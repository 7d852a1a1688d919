import { spawn } from 'node:child_process';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';
import {
	ExportAnswer,
	PrivacyAnswer,
	ReadyExport,
	RestrictionAnswer,
	RightsAnswer,
	ShownAnswer,
} from '../../workers/api/contract/rights';
import { readZip } from '../support/read-zip';
import { givenPhoto, smileInput } from './support/given-smile';
import { givenPractice, refusalIn, Practice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectOrder, rowsOf } from './support/trace';
import { until } from './support/until';

/* Rights as people have them, over the network: a copy, a restriction, and a request without an account that operators answer. */

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
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
		const line = [fromRoot('scripts', 'run.mjs'), 'ops', ...args, '--origin', it.edge.appOrigin];
		const child = spawn(process.execPath, line, {
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

function mailsTo(address: string) {
	return it.emulators.mail.messages().filter(({ to }) => to.includes(address));
}

test('a copy is asked for, made by the queue, fetched from the media host by its person alone, and whole', async () => {
	const practice = await givenPractice(it.edge);
	const stranger = await givenPractice(it.edge);
	const photo = await givenPhoto(practice);
	const asked = await practice.call(ExportAnswer, 'POST', '/v1/rights/exports');
	expect(asked).toMatchObject({ state: 'queued', hasAccount: true });
	const path = `/v1/rights/exports/${asked.id}`;
	const ready = await until('the copy', async () => {
		const found = await practice.call(ReadyExport, 'GET', path);
		return found.state === 'ready' ? found : undefined;
	});
	expect(await stranger.refusal('GET', path)).toMatchObject({ status: 404, code: 'not_found' });
	const answer = await fetch(ready.downloadUrl ?? '');
	expect(answer.headers.get('content-type')).toBe('application/zip');
	expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="dental-data-\d{4}-\d\d-\d\d\.zip"/);
	const bytes = new Uint8Array(await answer.arrayBuffer());
	expect(bytes.byteLength).toBe(ready.byteLength);
	const files = readZip(bytes);
	const people = JSON.parse(new TextDecoder().decode(files.get('data/users.json'))) as { id: string; email: string }[];
	expect(people).toHaveLength(1);
	expect([...files.keys()].filter((name) => name.startsWith(`media/photos/${photo}.`))).toHaveLength(1);
	const mail = await until('its mail', async () =>
		mailsTo(people[0]!.email).find(({ subject }) => subject.startsWith('Your copy is ready')),
	);
	expect(mail.text).not.toContain(new URL(ready.downloadUrl ?? '').pathname);
	const privacy = await practice.call(PrivacyAnswer, 'GET', '/v1/privacy');
	expect(privacy.exports).toMatchObject([{ id: asked.id, state: 'ready' }]);
	expect(privacy.held.find(({ dataClass }) => dataClass === 'source')).toMatchObject({ count: 1 });
});

test('a restricted practice orders nothing and says so in its session, until it is lifted', async () => {
	const practice = await givenPractice(it.edge);
	const photo = await givenPhoto(practice);
	const { restrictedAt } = await practice.call(RestrictionAnswer, 'POST', '/v1/rights/restriction');
	expect(restrictedAt).not.toBeNull();
	const before = await rowsOf(it.edge, 'renders');
	const order = { tool: 'smile.video', input: smileInput(photo) };
	const headers = { 'idempotency-key': crypto.randomUUID() };
	expect(await practice.refusal('POST', '/v1/renders', { body: order, headers })).toMatchObject({
		status: 403,
		code: 'processing_restricted',
	});
	expect(await rowsOf(it.edge, 'renders')).toEqual(before);
	const Session = z.object({ isRestricted: z.boolean() });
	expect(await practice.call(Session, 'GET', '/v1/session')).toEqual({ isRestricted: true });
	expect(await practice.call(RestrictionAnswer, 'DELETE', '/v1/rights/restriction')).toEqual({ restrictedAt: null });
	await practice.order('smile.video', smileInput(photo));
});

test('a parent without an account asks, confirms by mail, and is answered by an operator', async () => {
	const nobody = new Practice(it.edge);
	const email = 'parent@family.example';
	const body = {
		right: 'child',
		email,
		name: 'Pat Parent',
		who: 'the mother of a child',
		words: 'My child sent you a picture. Remove it.',
	};
	const Mailed = z.object({ mailed: z.literal(true), days: z.literal(7) });
	await nobody.call(Mailed, 'POST', '/v1/rights/requests', { body });
	const link = await until(
		'the link',
		async () => /https?:\S+\/privacy\/requests\/\S+#[\w-]+/.exec(mailsTo(email)[0]?.text ?? '')?.[0],
	);
	const url = new URL(link);
	const visit = { id: url.pathname.split('/').at(-1) ?? '', token: url.hash.slice(1) };
	const wrong = { body: { ...visit, token: 'x'.repeat(43) } };
	expect(await refusalIn(await nobody.send('POST', '/v1/rights/requests/confirm', wrong))).toMatchObject({
		status: 404,
	});
	const opened = await nobody.call(RightsAnswer, 'POST', '/v1/rights/requests/confirm', { body: visit });
	expect(opened).toMatchObject({ id: visit.id, right: 'child', state: 'open' });

	const list = await ops('rights', 'list');
	expect(list).toMatchObject({ status: 0, err: '' });
	expect(list.out).toContain(`child  ${visit.id}`);
	expect(list.out).not.toContain('Parent');
	const shown = ShownAnswer.parse(JSON.parse((await ops('rights', 'show', visit.id, '--json')).out));
	expect(shown).toMatchObject({ address: email, name: 'Pat Parent', words: body.words });
	const command = ['rights', 'answer', visit.id, '--words', 'We removed the picture today.', '--yes'];
	expect((await ops(...command)).out).toMatch(/^Done, and mailed\n/);
	expect((await ops(...command)).out).toMatch(/^Done before: nothing was changed or mailed now\n/);

	expect(await nobody.call(RightsAnswer, 'POST', '/v1/rights/requests/look', { body: visit })).toMatchObject({
		state: 'answered',
		answer: 'We removed the picture today.',
	});
	await until('the answer', async () =>
		mailsTo(email).find(({ text }) => text?.includes('We removed the picture today.')),
	);
	const record = (await rowsOf(it.edge, 'audit_entries')).filter((row) => row['target_id'] === visit.id);
	expect(record.map((row) => String(row['action'])).toSorted()).toEqual(['rights.answered', 'rights.read']);
	expect(JSON.stringify(await rowsOf(it.edge, 'rights_requests'))).not.toMatch(/Parent|picture|family/);
});
