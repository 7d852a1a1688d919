import { expect, test } from 'vitest';

import { MAIL_CHOICES } from '../../../studios/mail-choices';
import { oneClickFromAnywhere } from '../../../app/pages/one-click';
import { loader as settingsLoader } from '../../../app/routes/settings._index';
import { action as mailAction, loader as mailLoader } from '../../../app/routes/settings.mail';
import { action as arrivesAction, loader as arrivesLoader } from '../../../app/routes/settings_.arrives';
import { action as stopAction, loader as stopLoader } from '../../../app/routes/u.$token';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';

const ME = { id: 'usr_1', name: 'Ada', email: 'ada@example.com', statements: [] };
const OFF = { product_updates: false, announcements: false };
const FINE = { wants: OFF, problem: null };
const BOUNCED = { wants: OFF, problem: 'bounced' };
const SIGNED_IN = { cookie: 'afterglow_session=1' };

type Answers = Parameters<typeof givenApi>[0];

function dataOf(result: unknown): unknown {
	return typeof result === 'object' && result !== null && 'data' in result ? result.data : result;
}

function statusOf(result: unknown): unknown {
	return typeof result === 'object' && result !== null && 'init' in result ? result.init : null;
}

function of(answers: Answers, request: Request, params: Record<string, string> = {}) {
	const api = givenApi(answers);
	return { api, args: { request, context: api.context, params } };
}

test('both settings pages say whether mail arrives', async () => {
	const answers = { 'GET /v1/me': () => json(ME), 'GET /v1/me/mail': () => json(BOUNCED) };
	const you = of(answers, get('/settings', SIGNED_IN));
	expect(await settingsLoader(you.args)).toEqual({ me: ME, problem: 'bounced' });
	const mail = of(answers, get('/settings/mail', SIGNED_IN));
	expect(await mailLoader(mail.args)).toEqual({ email: ME.email, ...BOUNCED });
});

test('a box that is not ticked is a no, and the page says what counts now', async () => {
	const wants = { product_updates: true, announcements: false };
	const { api, args } = of(
		{ 'PUT /v1/me/mail': () => json({ ...FINE, wants }) },
		post('/settings/mail', { product_updates: 'yes' }),
	);
	expect(dataOf(await mailAction(args))).toEqual({
		done: 'Product updates are on, announcements are off. This counts from the next mail on.',
	});
	expect(api.called[0]?.body).toEqual(wants);
});

test('an address that mail came back from is shown to work with a code', async () => {
	const loaded = of(
		{ 'GET /v1/me': () => json(ME), 'GET /v1/me/mail': () => json(BOUNCED) },
		get('/settings/arrives', SIGNED_IN),
	);
	expect(await arrivesLoader(loaded.args)).toEqual({ email: ME.email });

	const asked = of(
		{ 'POST /v1/me/mail/address-code': () => json({ sent: true, minutes: 10 }) },
		post('/settings/arrives', {}),
	);
	expect(dataOf(await arrivesAction(asked.args))).toEqual({ errors: {}, minutes: 10 });

	const confirm = 'POST /v1/me/mail/address-code/confirm';
	const wrong = of(
		{ [confirm]: () => refusal(400, 'invalid_input', 'This is not the code.', { fields: ['code'] }) },
		post('/settings/arrives', { code: '12 34 56', minutes: '10' }),
	);
	expect(dataOf(await arrivesAction(wrong.args))).toEqual({ errors: { code: 'This is not the code.' }, minutes: 10 });
	expect(wrong.api.called[0]?.body).toEqual({ code: '123456' });

	const right = of({ [confirm]: () => json({ arrives: true }) }, post('/settings/arrives', { code: '123456' }));
	const led = await responseOf(arrivesAction(right.args));
	expect(led.headers.get('location')).toBe('/settings/mail?done=arrives');
});

test('where mail arrives there is nothing to show', async () => {
	const { args } = of(
		{ 'GET /v1/me': () => json(ME), 'GET /v1/me/mail': () => json(FINE) },
		get('/settings/arrives', SIGNED_IN),
	);
	expect((await responseOf(arrivesLoader(args))).headers.get('location')).toBe('/settings/mail');
});

const UNKNOWN = () => refusal(404, 'not_found', 'There is no such link, or it is not yours.');
const PATH = '/u/opaque-token';
const ANSWER = { mailClass: 'product_updates' };

test('looking at a link stops nothing', async () => {
	const { api, args } = of({ 'GET /v1/unsubscribe/opaque-token': () => json(ANSWER) }, get(PATH, SIGNED_IN), {
		token: 'opaque-token',
	});
	expect(dataOf(await stopLoader(args))).toEqual(ANSWER);
	expect(api.called.map(({ method }) => method)).toEqual(['GET']);
	expect(api.called[0]?.headers.get('cookie')).toBe('');
});

/** As RFC 8058 has mail programs send it, and as a broken one might. */
const ONE_CLICK: [string, RequestInit][] = [
	[
		'urlencoded',
		{ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' },
	],
	[
		'multipart',
		{
			headers: { 'content-type': 'multipart/form-data; boundary=---FormBoundaryjWmhtjORrn' },
			body: '-----FormBoundaryjWmhtjORrn\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n-----FormBoundaryjWmhtjORrn--\r\n',
		},
	],
	['broken multipart', { headers: { 'content-type': 'multipart/form-data' }, body: 'List-Unsubscribe' }],
	['empty', {}],
	['sent from another site', { headers: { origin: 'https://mail.example' }, body: 'List-Unsubscribe=One-Click' }],
];
test.each(ONE_CLICK)('one click that is %s stops it, in nobody’s name and without a redirect', async (_what, init) => {
	const request = new Request(`https://app.example${PATH}`, { method: 'POST', ...init });
	request.headers.set('cookie', SIGNED_IN.cookie);
	const { api, args } = of({ 'POST /v1/unsubscribe/opaque-token': () => json(ANSWER) }, request, {
		token: 'opaque-token',
	});
	const result = await stopAction(args);
	expect(dataOf(result)).toEqual({ isStopped: true });
	expect(statusOf(result)).toBeNull();
	expect(api.called[0]?.headers.get('cookie')).toBe('');
	expect(api.called[0]?.headers.get('origin')).toBe('https://app.example');
});

function sentOn(method: string, path: string): Headers {
	const headers = { origin: 'https://mail.example', 'x-kept': '1' };
	return oneClickFromAnywhere(new Request(`https://app.example${path}`, { method, headers })).headers;
}

test('only a click on such a link may come from another site', () => {
	expect(sentOn('POST', PATH).get('origin')).toBeNull();
	expect(sentOn('POST', PATH).get('x-kept')).toBe('1');
	for (const [method, path] of [
		['GET', PATH],
		['POST', '/settings/mail'],
		['POST', '/unknown/u/x'],
	] as const) {
		expect(sentOn(method, path).get('origin')).toBe('https://mail.example');
	}
});

test('a link that is not ours says so, looked at and pressed', async () => {
	const answers = { 'GET /v1/unsubscribe/x': UNKNOWN, 'POST /v1/unsubscribe/x': UNKNOWN };
	const looked = await stopLoader(of(answers, get('/u/x'), { token: 'x' }).args);
	expect([dataOf(looked), statusOf(looked)]).toEqual([{ mailClass: null }, { status: 404 }]);
	const pressed = await stopAction(of(answers, post('/u/x', {}), { token: 'x' }).args);
	expect([dataOf(pressed), statusOf(pressed)]).toEqual([{ isStopped: false }, { status: 404 }]);
});

test('what stands beside the switches speaks as the product does', () => {
	const words = JSON.stringify(MAIL_CHOICES);
	expect(words).not.toMatch(/please|sorry|oops|!|—/i);
	expect(MAIL_CHOICES.textVersion).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
