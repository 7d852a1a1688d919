import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startEmulators } from '../../emulators/start-emulators';
import { inspect } from '../e2e/support/inspect';
import { startClientSite } from './client-site';
import { withQuery } from './sign-in-client';

const emulators = await startEmulators();
const site = await startClientSite();
afterAll(() => Promise.all([emulators.close(), site.close()]));
beforeEach(() => {
	for (const provider of [emulators.google, emulators.apple, emulators.github]) provider.reset();
	site.arrivals.length = 0;
});

const PATHS = { google: '/o/oauth2/v2/auth', apple: '/auth/authorize', github: '/login/oauth/authorize' } as const;
type Provider = keyof typeof PATHS;

function authorizeUrl(provider: Provider): string {
	return withQuery(`${emulators.origin}/${provider}${PATHS[provider]}`, {
		client_id: 'a-client',
		redirect_uri: `${site.origin}/back`,
		response_type: provider === 'apple' ? 'code id_token' : 'code',
		response_mode: provider === 'apple' ? 'form_post' : undefined,
		scope: provider === 'github' ? 'read:user user:email' : 'openid email name',
		state: 'st"ate',
	}).href;
}

/** Somebody who was at the client's site before, and now is on the provider's page. */
async function visitor(provider: Provider, options: BrowserContextOptions = {}): Promise<Page> {
	const page = await (await site.browser.newContext(options)).newPage();
	await page.goto(site.origin);
	await page.goto(authorizeUrl(provider));
	return page;
}

async function fillIn(page: Page): Promise<void> {
	await page.getByLabel('Name').fill('Ada Lovelace');
	await page.getByLabel('E-mail address').fill('ada@practice.test');
}

test.each(['google', 'apple', 'github'] as const)(
	'the page of %s reads well at every width, first, refused and with known people',
	async (provider) => {
		const page = await visitor(provider);
		await inspect(page, `stand-in-${provider}`);
		await page.getByLabel('E-mail address').fill('nobody');
		await page.getByRole('button', { name: 'Continue' }).click();
		expect(await page.getByRole('alert').textContent()).toContain('e-mail address');
		await inspect(page, `stand-in-${provider}-refused`);
		await fillIn(page);
		await page.getByRole('button', { name: 'Continue' }).click();
		await page.waitForURL(`${site.origin}/back**`);
		await page.goto(authorizeUrl(provider));
		await inspect(page, `stand-in-${provider}-known`);
		await page.getByRole('button', { name: 'Continue as Ada Lovelace' }).click();
		await page.waitForURL(`${site.origin}/back**`);
		expect(site.arrivals.map(({ form }) => form['state'])).toEqual(['st"ate', 'st"ate']);
		await page.context().close();
	},
);

test.each([
	['google', 'GET', 'lax=1'],
	['github', 'GET', 'lax=1'],
	// Posted from another site: the browser keeps a Lax cookie back, as it does with the real Apple.
	['apple', 'POST', ''],
] as const)('%s sends people back by %s with the cookies that belong to it', async (provider, method, cookie) => {
	const page = await visitor(provider);
	await fillIn(page);
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.waitForURL(`${site.origin}/back**`);
	expect(site.arrivals).toMatchObject([{ method, cookie, form: { code: expect.any(String), state: 'st"ate' } }]);
	await page.context().close();
});

test('Apple gets people back without script at the press of a button', async () => {
	const page = await visitor('apple', { javaScriptEnabled: false });
	await fillIn(page);
	await page.getByLabel('Hide my e-mail').check();
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.getByRole('button', { name: 'Go back to' }).click();
	await page.waitForURL(`${site.origin}/back`);
	const { form } = site.arrivals[0]!;
	expect(JSON.parse(form['user']!)).toMatchObject({ email: expect.stringContaining('@privaterelay.appleid.com') });
	await page.context().close();
});

test.each([
	['google', 'access_denied'],
	['github', 'access_denied'],
	['apple', 'user_cancelled_authorize'],
] as const)('Cancel at %s needs no address and takes %s back', async (provider, error) => {
	const page = await visitor(provider);
	await page.getByRole('button', { name: 'Cancel' }).click();
	await page.waitForURL(`${site.origin}/back**`);
	expect(site.arrivals).toMatchObject([{ form: { error, state: 'st"ate' } }]);
	await page.context().close();
});
