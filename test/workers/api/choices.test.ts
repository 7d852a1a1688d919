import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { CookieJar } from '../../../scripts/start/cookie-jar';
import { dental } from '../../../studios/dental';
import { ChoicesAnswer } from '../../../workers/api/contract/choices';
import { startCountingApi } from '../../budgets/counting-api';
import { aPerson, ORIGIN } from './visitor';

let api: Awaited<ReturnType<typeof startCountingApi>>;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());
beforeEach(async () => {
	await api.d1.batch(['rate_windows', 'choices', 'conversions'].map((table) => api.d1.prepare(`DELETE FROM ${table}`)));
});

/** A browser somewhere, with or without the signal. */
class Browser {
	readonly cookies = new CookieJar();
	readonly #where: Record<string, string>;

	constructor(where: Record<string, string> = { 'cf-ipcountry': 'DE' }) {
		this.#where = where;
	}

	async send(
		method: 'GET' | 'POST',
		path: string,
		body?: object,
		more: Record<string, string> = {},
	): Promise<Response> {
		const answer = await api.fetch(path, {
			method,
			headers: {
				origin: ORIGIN,
				cookie: this.cookies.header,
				...this.#where,
				...more,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		this.cookies.keep(answer);
		return answer;
	}

	async read() {
		return ChoicesAnswer.parse(await (await this.send('GET', '/v1/choices')).json());
	}

	choose(chosen: object): Promise<Response> {
		return this.send('POST', '/v1/choices', { surface: 'banner', ...chosen });
	}

	/** Signs up as somebody new. */
	async signUp(): Promise<string> {
		const { name, email, password } = aPerson();
		await this.send('POST', '/api/auth/sign-up/email', { name, email, password });
		const entered = await this.send('POST', '/api/auth/email-otp/verify-email', {
			email,
			code: await api.mailedCode(email),
		});
		if (!entered.ok) throw new Error(`The sign-up ended with ${entered.status}.`);
		return email;
	}
}

const ALL = { analytics: 'granted', advertising: 'granted' } as const;
const NONE = { analytics: 'denied', advertising: 'denied' } as const;

async function rows(table: 'choices' | 'conversions'): Promise<Record<string, unknown>[]> {
	return (await api.d1.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all()).results;
}

test('a browser that has not chosen costs D1 nothing, gets no cookie, and is asked', async () => {
	const browser = new Browser();
	let answer: z.output<typeof ChoicesAnswer> | undefined;
	const asked = await api.counted(async () => {
		answer = await browser.read();
	});
	expect(asked).toEqual({ statements: 0, batches: 0 });
	expect(browser.cookies.header).toBe('');
	expect(answer).toEqual({
		regime: 'eea',
		hasGpc: false,
		textVersion: '2026-11-21',
		choices: { analytics: null, advertising: null, error_reports: null },
		trackers: [
			{ id: 'meta', isAllowed: false, isAsked: true },
			{ id: 'clarity', isAllowed: false, isAsked: true },
		],
		reportsErrors: false,
		shared: [],
	});
});

test('a choice is written with its circumstances under a random number that no script reads', async () => {
	const browser = new Browser({ 'cf-ipcountry': 'US', 'cf-region-code': 'CA' });
	const answer = await browser.choose(ALL);
	expect(answer.status).toBe(200);
	const [line = ''] = answer.headers.getSetCookie().filter((cookie) => cookie.startsWith('__Host-afterglow_visitor='));
	expect(line).toMatch(
		/^__Host-afterglow_visitor=[0-9a-f-]{36}; Max-Age=15552000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
	);
	const visitorId = /=([0-9a-f-]{36})/.exec(line)?.[1];
	expect(await rows('choices')).toMatchObject(
		['analytics', 'advertising'].map((purpose) => ({
			visitor_id: visitorId,
			user_id: null,
			purpose,
			choice: 'granted',
			regime: 'california',
			has_gpc: 0,
			surface: 'banner',
		})),
	);
	expect((await browser.read()).trackers.every(({ isAllowed }) => isAllowed)).toBe(true);
});

test('withdrawing holds from the next request on and takes the trackers’ cookies away, for every domain they can be set for', async () => {
	const browser = new Browser();
	await browser.choose(ALL);
	const answer = await browser.choose(NONE);
	const removed = answer.headers.getSetCookie().filter((cookie) => cookie.includes('Max-Age=0'));
	for (const name of ['_fbp', '_fbc', '_clck', '_clsk']) {
		expect(removed).toContain(`${name}=; Path=/; Max-Age=0; SameSite=Lax`);
		expect(removed).toContain(`${name}=; Path=/; Max-Age=0; SameSite=Lax; Domain=app.test`);
	}
	expect((await browser.read()).trackers.some(({ isAllowed, isAsked }) => isAllowed || isAsked)).toBe(false);
	expect(await rows('choices')).toHaveLength(4);
});

test('a yes to one thing leaves the cookies of that one alone', async () => {
	const answer = await new Browser().choose({ analytics: 'granted', advertising: 'denied' });
	const names = answer.headers
		.getSetCookie()
		.filter((cookie) => cookie.includes('Max-Age=0'))
		.map((cookie) => cookie.split('=', 1)[0]);
	expect(new Set(names)).toEqual(new Set(['_fbp', '_fbc']));
});

test('the signal asks nothing, is said, is written beside a choice, and keeps advertising off after a yes', async () => {
	const browser = new Browser({ 'cf-ipcountry': 'US', 'cf-region-code': 'TX', 'sec-gpc': '1' });
	expect(await browser.read()).toMatchObject({
		regime: 'us',
		hasGpc: true,
		trackers: [
			{ id: 'meta', isAllowed: false, isAsked: false },
			{ id: 'clarity', isAllowed: false, isAsked: false },
		],
	});
	await browser.choose(ALL);
	expect((await rows('choices')).map(({ has_gpc: hasGpc, choice }) => [hasGpc, choice])).toEqual([
		[1, 'granted'],
		[1, 'granted'],
	]);
	expect(await browser.read()).toMatchObject({
		trackers: [
			{ id: 'meta', isAllowed: false },
			{ id: 'clarity', isAllowed: true },
		],
	});
});

describe('it refuses, and writes nothing', () => {
	test.each([
		['nothing', {}],
		['another purpose', { product_updates: 'granted' }],
		['another word', { analytics: 'perhaps' }],
	])('%s', async (_, chosen) => {
		const browser = new Browser();
		expect((await browser.choose(chosen)).status).toBe(400);
		expect(await rows('choices')).toEqual([]);
		expect(browser.cookies.header).toBe('');
	});

	test('another site’s form', async () => {
		const answer = await new Browser().send(
			'POST',
			'/v1/choices',
			{ surface: 'banner', ...ALL },
			{ origin: 'https://other.test' },
		);
		expect(answer.status).toBe(403);
		expect(await rows('choices')).toEqual([]);
	});

	test('a number in error reports of somebody who is not signed in', async () => {
		const answer = await new Browser().choose({ error_reports: 'granted' });
		expect(answer.status).toBe(401);
		expect(await rows('choices')).toEqual([]);
	});

	test('more than a network may choose', async () => {
		const network = { 'cf-ipcountry': 'DE', 'cf-connecting-ip': '203.0.113.9' };
		await new Browser(network).choose(ALL);
		await api.d1.prepare(`UPDATE rate_windows SET count = ${dental.rates.choose.network.max}`).run();
		const answer = await new Browser(network).choose(NONE);
		expect(answer.status).toBe(429);
		expect(await rows('choices')).toHaveLength(2);
	});
});

test('a made-up visitor number is not taken', async () => {
	const browser = new Browser();
	browser.cookies.keep(new Response(null, { headers: { 'set-cookie': "__Host-afterglow_visitor=x' OR 1=1" } }));
	expect((await browser.read()).choices).toEqual({ analytics: null, advertising: null, error_reports: null });
	await browser.choose(ALL);
	expect((await rows('choices'))[0]?.['visitor_id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('signing up makes the browser’s choices the person’s and notes the sign-up, which the tag is given with the same id', async () => {
	const browser = new Browser();
	await browser.choose(ALL);
	await browser.signUp();
	const [conversion] = await rows('conversions');
	expect(conversion).toMatchObject({ name: 'CompleteRegistration', state: 'queued' });
	expect((await rows('choices')).map(({ user_id: userId }) => userId)).toEqual([
		conversion?.['user_id'],
		conversion?.['user_id'],
	]);
	expect(api.queued).toContainEqual({ type: 'conversion.send', conversionId: conversion?.['id'] });
	expect((await browser.read()).shared).toEqual([
		{ id: conversion?.['id'], name: 'CompleteRegistration', valueCents: null, currency: null },
	]);
	await browser.choose({ advertising: 'denied' });
	expect((await browser.read()).shared).toEqual([]);
});

test('signing up after a no, or without a choice, notes nothing for Meta', async () => {
	const refusing = new Browser();
	await refusing.choose(NONE);
	await refusing.signUp();
	await new Browser().signUp();
	expect(await rows('conversions')).toEqual([]);
});

test('a signal at sign-in is written for the account', async () => {
	await new Browser({ 'cf-ipcountry': 'US', 'sec-gpc': '1' }).signUp();
	expect(await rows('choices')).toMatchObject([
		{ visitor_id: null, purpose: 'advertising', choice: 'denied', surface: 'signal', has_gpc: 1, regime: 'california' },
	]);
});

test('a signal that a browser begins to send after the sign-in is written for the account once, whatever is asked', async () => {
	const browser = new Browser({ 'cf-ipcountry': 'US', 'cf-region-code': 'CA' });
	await browser.choose(ALL);
	await browser.signUp();
	await browser.send('GET', '/v1/me');
	expect(await rows('choices')).toHaveLength(2);
	for (const path of ['/v1/me', '/v1/me', '/v1/choices']) {
		const answer = await browser.send('GET', path, undefined, { 'sec-gpc': '1' });
		expect(answer.status).toBe(200);
	}
	const userId = (await rows('choices'))[0]?.['user_id'];
	await expect
		.poll(async () => (await rows('choices')).slice(2))
		.toMatchObject([
			{
				purpose: 'advertising',
				choice: 'denied',
				has_gpc: 1,
				surface: 'signal',
				user_id: userId,
				regime: 'california',
			},
		]);
	const meta = (await browser.read()).trackers.find(({ id }) => id === 'meta');
	expect(meta).toEqual({ id: 'meta', isAllowed: false, isAsked: false });
});

test('a signed-in person may have their number in error reports, and take it back', async () => {
	const browser = new Browser();
	await browser.signUp();
	await browser.choose({ error_reports: 'granted' });
	expect((await browser.read()).choices.error_reports).toBe('granted');
	await browser.choose({ error_reports: 'denied' });
	expect((await browser.read()).choices.error_reports).toBe('denied');
});

test('that the signal is followed stands where W3C looks for it', async () => {
	const answer = await api.fetch('/.well-known/gpc.json');
	expect(answer.headers.get('content-type')).toContain('application/json');
	expect(z.strictObject({ gpc: z.literal(true), lastUpdate: z.iso.date() }).parse(await answer.json()).gpc).toBe(true);
});
