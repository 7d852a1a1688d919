import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect, shoot } from './support/inspect';
import { tabTo } from './support/keyboard';
import { layoutShift } from './support/layout-shift';
import { startStudio, type StudioInBrowser } from './support/start-studio';

/** Of design: nothing jumps while a page loads. */
const SHIFT_MAX = 0.02;

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

test('the wizard can be walked with the keyboard alone, and the focus is always seen', async () => {
	it.emulators.fal.set({ latencyMs: 600_000 });
	const visitor = await it.visit();
	await visitor.signUp();
	const { page } = visitor;
	const press = async (name: string, key: string) => {
		await tabTo(page, name);
		await page.keyboard.press(key);
	};
	await press('New smile', 'Enter');
	await visitor.heading('Who is it for?').waitFor();
	await tabTo(page, 'Patient reference');
	await page.keyboard.type('K-1');
	await page.keyboard.press('Enter');
	await visitor.arrive(/^\/smiles\/new\/consent\?/);
	await press('It can be revoked in writing', 'Space');
	await press('Treatment does not depend on signing', 'Space');
	await press('Whoever receives the video might pass it on', 'Space');
	await tabTo(page, 'Full name of who signs');
	await page.keyboard.type('Mara Demo');
	await press('Sign here', 'Enter');
	await visitor.arrive(/^\/smiles\/new\/photo\?/);
	await press('Use the drawn sample patient', 'Enter');
	await visitor.sees('Nothing has been sent yet.');
	await press('Send photo', 'Enter');
	await visitor.arrive(/^\/smiles\/new\/shade\?/);
	await press('A3', 'ArrowRight');
	await press('Price', 'Enter');
	await visitor.sees('36 of 60');
	await press('Make the video', 'Enter');
	await visitor.heading('Making the smile').waitFor();
	await expect.poll(() => visitor.credits()).toBe(36);
	it.emulators.fal.reset();
});

test('the landing page stands still while it loads', async () => {
	const visitor = await it.visit();
	await visitor.open('/');
	await expect.poll(() => visitor.page.evaluate(() => document.fonts.status)).toBe('loaded');
	expect(await layoutShift(visitor.page)).toBeLessThanOrEqual(SHIFT_MAX);
});

test('the pair on the landing page is compared by keyboard, without React', async () => {
	const visitor = await it.visit();
	await visitor.open('/');
	const cut = visitor.page.getByRole('slider', { name: 'Compare before and after' });
	await cut.focus();
	await visitor.page.keyboard.press('End');
	await expect.poll(() => cut.getAttribute('aria-valuetext')).toBe('100 % before');
	await visitor.page.keyboard.press('PageDown');
	await expect.poll(() => cut.getAttribute('aria-valuetext')).toBe('90 % before');
});

test('nothing moves for someone who asked for less motion', async () => {
	const { visitor } = await it.visitAsOwner('Praxis Nord', { reducedMotion: 'reduce' });
	for (const path of ['/', '/sign-in', '/smiles', '/settings', '/settings/security', '/accounts']) {
		await visitor.open(path);
		expect(await visitor.page.evaluate(whatMoves)).toEqual([]);
	}
});

/** Runs in the page: every element whose changes would take time. */
function whatMoves(): string[] {
	return [...document.querySelectorAll('*')]
		.filter((element) => {
			const { transitionDuration, animationDuration, animationName } = getComputedStyle(element);
			const durations = [transitionDuration, ...(animationName === 'none' ? [] : [animationDuration])];
			return durations.flatMap((list) => list.split(', ')).some((time) => Number.parseFloat(time) > 0);
		})
		.map((element) => element.outerHTML.slice(0, 80));
}

test('the pages that promise and explain are sound too', async () => {
	const visitor = await it.visit();
	await visitor.open('/policy');
	await inspect(visitor.page, '40-policy');
	await visitor.signUp();
	await visitor.open('/credits');
	await expect.poll(() => visitor.credits()).toBe(60);
	await inspect(visitor.page, '41-credits-new');
});

test('the chosen colours stay, with and without script', async () => {
	const visitor = await it.visit({ javaScriptEnabled: false, colorScheme: 'light' });
	await visitor.open('/');
	const mode = () => visitor.page.locator('html').getAttribute('data-mode');
	expect(await mode()).toBeNull();
	await visitor.button('Dark').click();
	await expect.poll(mode).toBe('dark');
	await visitor.open('/sign-up');
	expect(await mode()).toBe('dark');
	const { context } = visitor;
	const scripted = await it.visit({ storageState: await context.storageState(), colorScheme: 'light' });
	await scripted.open('/sign-up');
	expect(await scripted.page.locator('html').getAttribute('data-mode')).toBe('dark');
	await scripted.button('Like the system').click();
	await expect.poll(() => scripted.page.locator('html').getAttribute('data-mode')).toBeNull();
});

test('without script one signs up, signs a consent, signs out and signs in', async () => {
	const visitor = await it.visit({ javaScriptEnabled: false });
	const { page } = visitor;
	await visitor.open('/');
	await shoot(page, '50-landing-no-script');
	const account = await visitor.signUp();
	await page.getByRole('link', { name: 'New smile' }).click();
	await page.getByLabel('Patient reference').fill('S-1');
	await visitor.button('Consent').click();
	await visitor.arrive(/^\/smiles\/new\/consent\?/);
	await page.getByLabel('Treatment does not depend on signing.').check();
	await visitor.button('Sign here').click();
	await visitor.sees('3 things are missing', /Nothing you wrote is lost/);
	await expect.poll(() => page.getByLabel('Treatment does not depend on signing.').isChecked()).toBe(true);
	await page.getByLabel('It can be revoked in writing').check();
	await page.getByLabel('Whoever receives the video might pass it on.').check();
	await page.getByLabel('Full name of who signs').fill('Mara Demo');
	await visitor.button('Sign here').click();
	await visitor.arrive(/^\/smiles\/new\/photo\?/);
	// Playwright's text search passes over noscript, whatever the browser shows.
	await page.locator('noscript .notice').waitFor();
	await shoot(page, '51-photo-no-script');

	await page.locator('.bar details summary').click();
	await visitor.button('Sign out').click();
	await visitor.arrive(/^\/$/);
	await visitor.open('/credits');
	await visitor.arrive(/^\/sign-in\?next=%2Fcredits$/);
	await visitor.signIn(account);
	await visitor.arrive(/^\/credits$/);
});
