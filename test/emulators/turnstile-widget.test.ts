import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { startEmulators } from '../../emulators/start-emulators';
import { startClientSite } from './client-site';
import { jsonOf, postForm } from './sign-in-client';

const emulators = await startEmulators();
const site = await startClientSite();
afterAll(() => Promise.all([emulators.close(), site.close()]));

const SCRIPT = `${emulators.origin}/turnstile/v0/api.js`;

/** A page under the policy that Cloudflare asks for: its origin for scripts and frames, and nothing more. */
async function open(body: string, query = ''): Promise<Page> {
	const policy = `default-src 'none'; form-action 'self'; script-src ${emulators.origin} 'nonce-n'; frame-src ${emulators.origin}`;
	site.show(
		'/form',
		`<!doctype html><title>Form</title><meta http-equiv="content-security-policy" content="${policy}">
		<form action="/back" method="post">${body}<button>Send</button></form>
		<script src="${SCRIPT}${query}" async defer></script>`,
	);
	const page = await (await site.browser.newContext()).newPage();
	await page.goto(`${site.origin}/form`);
	await expect.poll(() => page.evaluate('typeof window.turnstile')).toBe('object');
	return page;
}

function valueOf(page: Page): Promise<string> {
	return page.locator('[name=cf-turnstile-response]').inputValue();
}

async function untilToken(page: Page): Promise<string> {
	await expect.poll(() => valueOf(page)).not.toBe('');
	return valueOf(page);
}

test('a marked element gets the widget, and the form carries a token for its host and action', async () => {
	const page = await open('<div class="cf-turnstile" data-sitekey="0xSITE" data-action="sign-up"></div>');
	const token = await untilToken(page);
	expect(await page.evaluate('turnstile.getResponse()')).toBe(token);
	await page.getByRole('button', { name: 'Send' }).click();
	await page.waitForURL('**/back');
	expect(site.arrivals.at(-1)!.form).toEqual({ 'cf-turnstile-response': token });
	const address = `${emulators.origin}/turnstile/v0/siteverify`;
	const verdict = await jsonOf(postForm(address, { secret: 'any', response: token }));
	expect(verdict).toMatchObject({ success: true, hostname: '127.0.0.1', action: 'sign-up' });
	await page.context().close();
});

test('reset takes the token away and brings another', async () => {
	const page = await open('<div class="cf-turnstile" data-sitekey="0xSITE"></div>');
	const first = await untilToken(page);
	// Read in the same turn: the next token may be there in the one after.
	const left = await page.evaluate(`turnstile.reset(), document.querySelector('[name=cf-turnstile-response]').value`);
	expect(left).toBe('');
	expect(await untilToken(page)).not.toBe(first);
	await page.evaluate(`turnstile.remove('.cf-turnstile')`);
	expect(await page.locator('iframe, [name=cf-turnstile-response]').count()).toBe(0);
	await page.context().close();
});

test('with render=explicit the page renders by itself and is called back', async () => {
	const body = `<div id="here" class="cf-turnstile"></div><script nonce="n">
		window.begin = () => { window.widget = turnstile.render('#here', { sitekey: '0xSITE', 'response-field-name': 'proof',
			callback: (token) => { window.told = token } }) }</script>`;
	const page = await open(body, '?render=explicit&onload=begin');
	await expect.poll(() => page.evaluate('typeof window.told')).toBe('string');
	const told = await page.evaluate('window.told');
	expect(await page.locator('[name=proof]').inputValue()).toBe(told);
	expect(await page.evaluate('turnstile.getResponse(window.widget)')).toBe(told);
	expect(await page.locator('iframe').count()).toBe(1);
	await page.context().close();
});

test('the test key that fails tells the error callback and leaves no token', async () => {
	const body = `<script nonce="n">window.failed = (code) => { window.code = code }</script>
		<div class="cf-turnstile" data-sitekey="2x00000000000000000000AB" data-error-callback="failed"></div>`;
	const page = await open(body);
	await expect.poll(() => page.evaluate('window.code')).toBe('300030');
	expect(await valueOf(page)).toBe('');
	await page.context().close();
});

test('the interactive test key waits for its button', async () => {
	const page = await open('<div class="cf-turnstile" data-sitekey="3x00000000000000000000FF"></div>');
	const button = page.frameLocator('iframe').getByRole('button', { name: 'I am a person' });
	await button.waitFor();
	expect(await valueOf(page)).toBe('');
	await button.click();
	expect(await untilToken(page)).toBe('XXXX.DUMMY.TOKEN.XXXX');
	await page.context().close();
});

test('a token that runs out is taken away, told, and replaced', async () => {
	const body = `<script nonce="n">window.count = 0; window.over = () => { window.count++ }</script>
		<div class="cf-turnstile" data-sitekey="0xSITE" data-expired-callback="over"></div>`;
	const page = await open(body);
	await page.clock.install();
	await page.evaluate('turnstile.reset()');
	const first = await untilToken(page);
	await page.clock.fastForward('05:01');
	expect(await page.evaluate('window.count')).toBe(1);
	expect(await untilToken(page)).not.toBe(first);
	await page.context().close();
});
