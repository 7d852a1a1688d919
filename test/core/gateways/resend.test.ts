import { afterAll, beforeEach, expect, test } from 'vitest';

import { createMailStore } from '../../../emulators/mail/mail-store';
import { createResend } from '../../../emulators/mail/resend';
import { createMailGateway, type OutgoingMail } from '../../../workers/core/gateways/resend';
import { json, reset, startWireServer } from './wire-server';

const wire = await startWireServer();
beforeEach(wire.reset);
afterAll(wire.close);

const SEND = 'POST /emails';
const TIMEOUT_MS = 200;
const mailer = createMailGateway({ key: 're_test', baseUrl: wire.origin }, fetch, TIMEOUT_MS);
const mail: OutgoingMail = {
	id: 'mai_1',
	from: 'Dental Diffusion <hello@practice.test>',
	to: 'ada@practice.test',
	subject: 'Your code',
	text: '482913',
	html: '<p>482913</p>',
	headers: { 'Auto-Submitted': 'auto-generated', 'List-Unsubscribe': '<https://app.test/u/t>' },
};

test('a mail is handed over in one call that carries its id as the idempotency key', async () => {
	wire.on(SEND, json(200, { id: '56761188-7520-42d8-8898-ff6fc54ce618' }));
	expect(await mailer.send(mail)).toEqual({ kind: 'taken', providerId: '56761188-7520-42d8-8898-ff6fc54ce618' });
	expect(wire.seen).toHaveLength(1);
	expect(wire.seen[0]?.headers).toMatchObject({
		authorization: 'Bearer re_test',
		'idempotency-key': 'mai_1',
		'user-agent': 'afterglow',
		'content-type': 'application/json',
	});
	const { id: _id, ...body } = mail;
	expect(JSON.parse(wire.seen[0]?.body ?? '')).toEqual(body);
});

test.each([
	[400, 'validation_error', { kind: 'refused', status: 400 }],
	[401, 'missing_api_key', { kind: 'refused', status: 401 }],
	[403, 'invalid_api_key', { kind: 'refused', status: 403 }],
	[404, 'not_found', { kind: 'refused', status: 404 }],
	[422, 'missing_required_field', { kind: 'refused', status: 422 }],
	[409, 'concurrent_idempotent_requests', { kind: 'later', status: 409 }],
	[409, 'invalid_idempotent_request', { kind: 'taken', providerId: null }],
	[429, 'rate_limit_exceeded', { kind: 'later', status: 429 }],
	[429, 'daily_quota_exceeded', { kind: 'later', status: 429 }],
	[500, 'internal_server_error', { kind: 'later', status: 500 }],
	[503, 'application_error', { kind: 'later', status: 503 }],
])('a %i %s is asked once and read as what it is', async (statusCode, name, outcome) => {
	wire.on(SEND, json(statusCode, { statusCode, name, message: 'ada@practice.test' }));
	expect(await mailer.send(mail)).toEqual(outcome);
	expect(wire.seen).toHaveLength(1);
});

test('an answer that is not Resend’s says only its status', async () => {
	for (const body of ['<html>', '{}', 'x'.repeat(100_000)]) {
		wire.on(SEND, (response) => response.writeHead(409).end(body));
		expect(await mailer.send(mail)).toEqual({ kind: 'later', status: 409 });
	}
});

test('a mail that was taken stays taken, whatever is said of it', async () => {
	for (const body of ['<html>', '{}', '{"id":7}', 'x'.repeat(100_000)]) {
		wire.on(SEND, (response) => response.writeHead(200).end(body));
		expect(await mailer.send(mail)).toEqual({ kind: 'taken', providerId: null });
	}
});

test('a connection that breaks is tried later', async () => {
	wire.on(SEND, reset);
	expect(await mailer.send(mail)).toEqual({ kind: 'later', status: null });
});

test('a server that does not answer in time is tried later', async () => {
	wire.on(SEND, () => undefined);
	expect(await mailer.send(mail)).toEqual({ kind: 'later', status: null });
});

test('an answer elsewhere is not followed with the key', async () => {
	wire.on(SEND, (response) => response.writeHead(307, { location: `${wire.origin}/elsewhere` }).end());
	expect(await mailer.send(mail)).toEqual({ kind: 'later', status: 307 });
	expect(wire.seen).toHaveLength(1);
});

test('the stand-in takes it too, and the same id once, even with other words', async () => {
	const store = createMailStore();
	const standIn = createResend(store, () => undefined);
	const toStandIn: typeof fetch = async (input, init) => standIn.request(new Request(input, init));
	const local = createMailGateway({ key: 're_local', baseUrl: 'http://127.0.0.1' }, toStandIn);
	const first = await local.send(mail);
	expect(first).toEqual({ kind: 'taken', providerId: store.messages()[0]?.id });
	expect(await local.send(mail)).toEqual(first);
	expect(await local.send({ ...mail, text: 'other words' })).toEqual({ kind: 'taken', providerId: null });
	const { id: _id, to, ...sent } = mail;
	expect(store.messages()).toEqual([expect.objectContaining({ ...sent, to: [to] })]);
	store.failNext({ name: 'rate_limit_exceeded', times: 1 });
	expect(await local.send({ ...mail, id: 'mai_2' })).toEqual({ kind: 'later', status: 429 });
});
