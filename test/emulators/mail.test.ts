import { afterAll, beforeEach, expect, test } from 'vitest';
import { startEmulators } from '../../emulators/start-emulators';

const emulators = await startEmulators();
afterAll(() => emulators.close());
beforeEach(() => emulators.mail.reset());

const MAIL = {
	from: 'Afterglow <hello@afterglow.test>',
	to: ['ada@practice.test'],
	subject: 'Confirm your address',
	text: 'Open https://127.0.0.1:8788/confirm?token=abc&x=1 to confirm.',
	tags: [{ name: 'kind', value: 'confirm' }],
};

async function nameOf(answer: Promise<Response>): Promise<unknown> {
	return (await answer).json();
}

function send(mail: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return fetch(`${emulators.origin}/resend/emails`, {
		method: 'POST',
		headers: { authorization: 'Bearer re_test', ...headers },
		body: JSON.stringify(mail),
	});
}

test('mail is kept and shown, the newest first', async () => {
	const first = await send(MAIL);
	await send({ ...MAIL, subject: 'The <smile> is ready', html: '<p>Ready</p>' });

	expect(first.status).toBe(200);
	expect(await first.json()).toEqual({ id: emulators.mail.messages()[1]!.id });
	expect(emulators.mail.messages().map(({ subject }) => subject)).toEqual(['The <smile> is ready', MAIL.subject]);
	const page = await (await fetch(`${emulators.origin}/mail`)).text();
	expect(page).toContain('<a href="https://127.0.0.1:8788/confirm?token=abc&amp;x=1"');
	expect(page).toContain('The &lt;smile&gt; is ready');
	expect(page.indexOf('is ready')).toBeLessThan(page.indexOf('Confirm your address'));
	const json = await fetch(`${emulators.origin}/mail/messages`);
	expect(await json.json()).toEqual({ messages: emulators.mail.messages() });
});

test('the same key sends once, and with another body is a conflict that sends nothing', async () => {
	const key = { 'idempotency-key': 'confirm/ada' };
	const [first, again] = [await send(MAIL, key), await send(MAIL, key)];
	expect(await again.json()).toEqual(await first.json());
	const other = await send({ ...MAIL, subject: 'Other' }, key);
	expect(other.status).toBe(409);
	expect(await other.json()).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
	expect(emulators.mail.messages()).toHaveLength(1);
	expect((await send(MAIL, { 'idempotency-key': 'x'.repeat(257) })).status).toBe(400);
});

test('mail without a key, without a receiver or without a body is refused and not kept', async () => {
	expect(await nameOf(send(MAIL, { authorization: '' }))).toMatchObject({ name: 'missing_api_key' });
	expect(await nameOf(send(MAIL, { authorization: 'Bearer sk_x' }))).toMatchObject({ name: 'invalid_api_key' });
	expect(await nameOf(send({ ...MAIL, to: undefined }))).toMatchObject({ name: 'missing_required_field' });
	expect(await nameOf(send({ ...MAIL, text: undefined }))).toMatchObject({ statusCode: 422 });
	expect(emulators.mail.messages()).toEqual([]);
});

test('sends fail as often as they were told to', async () => {
	emulators.mail.failNext({ name: 'rate_limit_exceeded', times: 1 });
	expect((await send(MAIL)).status).toBe(429);
	expect((await send(MAIL)).status).toBe(200);
	expect(emulators.mail.messages()).toHaveLength(1);
});

async function subjects(query: string): Promise<string[]> {
	const answer = await fetch(`${emulators.origin}/control/mail/messages${query}`);
	const { messages } = (await answer.json()) as { messages: { subject: string }[] };
	return messages.map(({ subject }) => subject);
}

test('another process reads the mail of one address, the newest first', async () => {
	await send(MAIL);
	await send({ ...MAIL, to: ['Ada <Ada@practice.test>', 'bo@practice.test'], subject: 'Second' });
	await send({ ...MAIL, to: ['not-ada@practice.test'], subject: 'Not hers' });
	expect(await subjects('?to=ada@practice.test')).toEqual(['Second', MAIL.subject]);
	expect(await subjects('')).toEqual(['Not hers', 'Second', MAIL.subject]);
	expect(await subjects('?to=nobody@practice.test')).toEqual([]);
});
