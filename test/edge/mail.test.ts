import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { ApiClient } from '../../scripts/start/api-client';
import { readCode } from '../../scripts/start/read-code';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { until } from './support/until';

/* Mail over the wire: what Resend is sent, what it tells, and what a mail program posts. */

const Settings = z.object({
	wants: z.object({ product_updates: z.boolean(), announcements: z.boolean() }),
	problem: z.string().nullable(),
});
const Step = z.object({ queued: z.number(), next: z.string().nullable() });

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
});
afterAll(() => it.close());

async function givenPerson(name: string): Promise<{ cookie: string; email: string }> {
	const client = new ApiClient(it.edge.appOrigin);
	const email = `${name}+${randomUUID()}@practice.example`;
	const person = { email, password: 'a long enough password', name: 'Ada' };
	await client.signUp(person, (address) => readCode(it.edge, address));
	return { cookie: client.cookie, email };
}

async function ask(
	path: string,
	{ cookie = '', method = 'GET', body }: { cookie?: string; method?: string; body?: object },
) {
	const answer = await fetch(`${it.edge.appOrigin}${path}`, {
		method,
		headers: { cookie, origin: it.edge.appOrigin, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return Settings.parse(await answer.json());
}

async function announce(subject: string): Promise<number> {
	const answer = await it.edge.api.fetch('https://api/v1/operations/announcements/step', {
		method: 'POST',
		headers: { authorization: `Bearer ${it.edge.secrets['OPERATOR_KEY']}`, 'content-type': 'application/json' },
		body: JSON.stringify({ mailClass: 'product_updates', subject, text: 'Words that say what is new here.' }),
	});
	return Step.parse(await answer.json()).queued;
}

test('who switched updates on gets one, stops it with one click from a mail program, and gets the next no more', async () => {
	const ada = await givenPerson('ada');
	const wants = { product_updates: true, announcements: false };
	expect((await ask('/v1/me/mail', { cookie: ada.cookie, method: 'PUT', body: wants })).wants).toEqual(wants);
	const subject = `New ${randomUUID()}`;
	expect(await announce(subject)).toBe(1);
	const mail = await until('the update is sent', () =>
		Promise.resolve(it.emulators.mail.messages().find((sent) => sent.subject === subject)),
	);
	expect(mail.to).toEqual([ada.email]);
	expect(mail.headers?.['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
	const [, link = ''] = /^<(.*)>$/.exec(mail.headers?.['List-Unsubscribe'] ?? '') ?? [];
	expect(link.startsWith(`${it.edge.appOrigin}/u/`)).toBe(true);

	const looked = await fetch(link, { redirect: 'manual' });
	expect([looked.status, await looked.text()]).toEqual([200, expect.stringContaining('Stop product updates')]);
	expect((await ask('/v1/me/mail', { cookie: ada.cookie })).wants).toEqual(wants);

	// As RFC 8058, 8.2 writes it; a webmail's page names itself.
	const boundary = '---FormBoundaryjWmhtjORrn';
	const multipart = `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`;
	for (const sent of [
		{ headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body: multipart },
		{
			headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://webmail.example' },
			body: 'List-Unsubscribe=One-Click',
		},
	]) {
		const clicked = await fetch(link, { method: 'POST', redirect: 'manual', ...sent });
		expect([clicked.status, clicked.headers.getSetCookie()]).toEqual([200, []]);
		expect(await clicked.text()).toContain('are stopped');
	}
	expect((await ask('/v1/me/mail', { cookie: ada.cookie })).wants.product_updates).toBe(false);
	expect(await announce(`Newer ${randomUUID()}`)).toBe(0);
	expect((await fetch(`${link}x`, { method: 'POST', redirect: 'manual' })).status).toBe(404);
});

test('who has a mailbox that is gone reads so, once Resend has told of it', async () => {
	const { cookie } = await givenPerson('bounce');
	const seen = await until('the bounce is heard', async () => {
		const settings = await ask('/v1/me/mail', { cookie });
		return settings.problem === null ? undefined : settings;
	});
	expect(seen.problem).toBe('bounced');
	const page = await (await fetch(`${it.edge.appOrigin}/settings`, { headers: { cookie } })).text();
	expect(page).toContain('Mail to you does not arrive');
	expect(it.errors).toEqual([]);
});
