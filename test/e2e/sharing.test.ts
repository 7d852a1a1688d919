import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect } from './support/inspect';
import { orderSmile, waitForEnd } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

const JOURNEY_MS = 240_000;
const PASSCODE = '246810';

test(
	'a practice shares a smile by a link: a stranger sees it and nothing else, and from the moment it is ended nothing',
	{ timeout: JOURNEY_MS },
	async () => {
		const { visitor } = await it.visitAsOwner('Praxis Nord');
		const smile = await orderSmile(visitor, 'M-2041');
		await waitForEnd(visitor, 'The smile is ready');
		await sayWhere(visitor);
		const link = await makeLink(visitor);

		const stranger = await it.visit();
		await openShared(stranger, link);
		const without = await it.visit({ javaScriptEnabled: false });
		await openWithoutScript(without, link);

		await endLink(visitor, smile);
		expect(await stranger.open(link)).toBe(410);
		await stranger.heading('This is not shown any more').waitFor();
		await inspect(stranger.page, 'share-3-ended');
		expect(await stranger.open('/s/nothing')).toBe(404);
		await stranger.heading('Nothing is here').waitFor();
		await followCopy(visitor, smile);
	},
);

/** Asked once, where it is needed. */
async function sayWhere(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.sees('May I publish this?', 'Cal. B&P §651(b)(3)(A)', /Nobody has said where you advertise/);
	await page.getByLabel('Where you advertise').selectOption('UK');
	await visitor.button('Save place').click();
	await visitor.sees('Saved. What may be published follows it.', 'CAP Code 3.1', /By the rules of: United Kingdom/);
	await expect.poll(() => page.getByLabel('Where you advertise').count()).toBe(0);
}

async function makeLink(visitor: Visitor): Promise<string> {
	const { page } = visitor;
	await page.getByLabel('Passcode').fill('12345');
	await visitor.button('Make a link').click();
	await visitor.sees(/between 6 and 64 characters/);
	await page.getByLabel('Passcode').fill(PASSCODE);
	await visitor.button('Make a link').click();
	await visitor.sees('The link is shown this once', 'Asks for a passcode.', /not opened yet/);
	const link = await page.getByLabel('Link', { exact: true }).inputValue();
	expect(link).toMatch(/\/s\/[\w-]{43}$/);
	return new URL(link).pathname;
}

async function openShared(stranger: Visitor, link: string): Promise<void> {
	const { page } = stranger;
	await stranger.open(link);
	await stranger.heading('Type the passcode').waitFor();
	await page.getByLabel('Passcode').fill('135791');
	await stranger.button('Open').click();
	await stranger.sees(/does not open the link/);
	await inspect(page, 'share-1-passcode');
	await page.getByLabel('Passcode').fill(PASSCODE);
	await stranger.button('Open').click();
	await stranger.heading('Praxis Nord').waitFor();
	await expect.poll(() => page.locator('video').count()).toBe(1);
	const cut = page.getByRole('slider', { name: 'Compare before and after' });
	await cut.focus();
	// Until its script is there, nobody hears a key.
	const afterHome = async () => {
		await page.keyboard.press('Home');
		return cut.getAttribute('aria-valuetext');
	};
	await expect.poll(afterHome).toBe('0 % before');
	await expect.poll(() => page.getByText('AI visualisation, not a promise of a result').count()).toBe(2);
	await inspect(page, 'share-2-shown');

	expect(await page.locator('header, nav, footer, .notice').count()).toBe(0);
	expect(await page.locator('main a').count()).toBe(0);
	expect(await page.locator('meta[name=robots]').getAttribute('content')).toContain('noindex');
	expect(await stranger.context.cookies()).toEqual([]);
	expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
	const media = stranger.requests.filter((request) => request.url().startsWith(it.edge.mediaOrigin));
	expect(media.length).toBeGreaterThan(0);
	const told = media.map((request) => request.headers()['referer'] ?? '').filter((referrer) => referrer !== '');
	expect(told).toEqual([]);
}

async function openWithoutScript(visitor: Visitor, link: string): Promise<void> {
	const { page } = visitor;
	await visitor.open(link);
	await page.getByLabel('Passcode').fill(PASSCODE);
	await visitor.button('Open').click();
	await visitor.heading('Praxis Nord').waitFor();
	await page.getByRole('img', { name: 'Photo before' }).waitFor();
	await expect.poll(() => page.getByRole('slider').count()).toBe(0);
}

async function endLink(visitor: Visitor, smile: string): Promise<void> {
	await visitor.open(smile);
	await visitor.sees(/opened 2 times/);
	await visitor.button('End link').click();
	await visitor.page
		.getByRole('alertdialog', { name: 'End this link?' })
		.getByRole('button', { name: 'End link' })
		.click();
	await visitor.sees('Link ended. It shows nothing any more.', 'Ended by you');
}

/** A copy that may not be published is noted, has to go, and is ticked in the list of all. */
async function followCopy(visitor: Visitor, smile: string): Promise<void> {
	const { page } = visitor;
	await visitor.open(smile);
	await page.getByText('Note a copy').click();
	await page.getByLabel('Where', { exact: true }).selectOption('instagram');
	await page.getByLabel('Address', { exact: true }).fill('https://instagram.example/p/1');
	await page.getByLabel('Posted on').fill('2026-11-01');
	await visitor.button('Note this copy').click();
	await visitor.sees('Copy noted.', 'Has to go');
	await visitor.open('/practice/posted');
	await visitor.heading('1 copy has to go').waitFor();
	await inspect(page, 'share-4-posted');
	await page.getByLabel('How you saw it').fill('Opened the page: not found');
	await visitor.button(/Note that it is gone/).click();
	await visitor.sees('Noted as gone.', 'How: Opened the page: not found');
}
