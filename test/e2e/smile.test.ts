import { stat } from 'node:fs/promises';

import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { authorizationDay } from '../../studios/authorization';
import { inspect, shoot } from './support/inspect';
import { layoutShift } from './support/layout-shift';
import { order, reachPhotoStep, RENDER_MS, sendPhoto, waitForEnd } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';
import { progressSeen, watchProgress } from './support/watch-progress';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

const JOURNEY_MS = 240_000;
const SHIFT_MAX = 0.02;
/** So long a picture is being made that the page of it is seen, however busy the machine is. */
const SEEN_MS = 8_000;

test(
	'a practice makes a smile video, sees the photo go with a receipt, and deletes the video',
	{ timeout: JOURNEY_MS },
	async () => {
		const visitor = await it.visit();
		await arriveAtHome(visitor);
		await nameThePatient(visitor);
		await signTheConsent(visitor);
		await sendTheSample(visitor);
		const smile = await chooseAndOrder(visitor);
		await watchItBeingMade(visitor);
		await compareByKeyboard(visitor);
		await playTheVideo(visitor);
		await downloadTheVideo(visitor);
		await expect.poll(() => visitor.credits()).toBe(36);
		await deleteTheVideo(visitor);
		await letTheDayPass(visitor, smile);
		expectOnlyThePhotoWasSent(await uploadsOf(visitor));
		expect(it.errors).toEqual([]);
	},
);

async function arriveAtHome(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.open('/');
	await visitor.heading('The smile stays. The photo goes.').waitFor();
	await inspect(page, '01-landing');
	await page.getByRole('link', { name: 'Make a first smile' }).first().click();
	await visitor.arrive(/^\/sign-up$/);
	await visitor.isLive();
	await inspect(page, '02-sign-up');
	await visitor.signUp();
	await visitor.heading('No smiles yet').waitFor();
	await expect.poll(() => visitor.credits()).toBe(60);
	await inspect(page, '03-home-empty');
}

async function nameThePatient(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.getByRole('link', { name: 'New smile' }).click();
	await visitor.heading('Who is it for?').waitFor();
	await page.getByLabel('Patient reference').fill('Mara Muster');
	await visitor.button('Consent').click();
	await visitor.sees(/looks like a name/);
	await expect.poll(() => page.getByLabel('Patient reference').inputValue()).toBe('Mara Muster');
	await inspect(page, '04-patient-refused');
	await page.getByLabel('Patient reference').fill('M-2041');
	await visitor.button('Consent').click();
	await visitor.arrive(/^\/smiles\/new\/consent\?/);
}

async function signTheConsent(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.getByLabel('Treatment does not depend on signing.').check();
	await page.getByLabel('Show it on the practice’s website').check();
	await page.getByLabel('The consent ends on').fill('');
	await visitor.button('Sign here').click();
	await visitor.sees('No photo can be sent before this is signed', /Nothing you wrote is lost/);
	await expect.poll(() => page.locator('.missing li').count()).toBe(4);
	await expect.poll(() => page.getByLabel('Treatment does not depend on signing.').isChecked()).toBe(true);
	await expect.poll(() => page.getByLabel('Show it on the practice’s website').isChecked()).toBe(true);
	await inspect(page, '05-consent-missing');

	// Within the year that California allows.
	const end = new Date(Date.now() + 180 * 86_400_000);
	await page.getByLabel('The consent ends on').fill(end.toISOString().slice(0, 10));
	await page.getByLabel('It can be revoked in writing').check();
	await page.getByLabel('Whoever receives the video might pass it on.').check();
	await page.getByLabel('Full name of who signs').fill('Mara Demo');
	await visitor.sees(`This ends on ${authorizationDay(end.getTime())}.`);
	await visitor.button('Sign here').click();
	await visitor.arrive(/^\/smiles\/new\/photo\?/);
}

async function sendTheSample(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.heading('A photo of M-2041').waitFor();
	await expect.poll(() => visitor.button('Send photo').getAttribute('aria-disabled')).toBe('true');
	await inspect(page, '06-photo-empty');
	await visitor.button('Use the drawn sample patient').click();
	await visitor.sees('Drawn patient, no real person', 'Nothing has been sent yet.');
	await inspect(page, '07-photo-chosen');
	await visitor.button('Send photo').click();
	await visitor.arrive(/^\/smiles\/new\/shade\?/);
}

async function chooseAndOrder(visitor: Visitor): Promise<string> {
	const { page } = visitor;
	await visitor.heading('How should it look?').waitFor();
	const from = page.getByRole('group', { name: 'Shade today, held beside the teeth' });
	await from.getByRole('radio', { name: 'A3.5', exact: true }).check({ force: true });
	await page
		.getByRole('group', { name: 'Shade to show' })
		.getByRole('radio', { name: 'B1', exact: true })
		.check({ force: true });
	await inspect(page, '08-shade');
	await visitor.button('Price').click();
	await visitor.sees('24 credits', '36 of 60');
	await inspect(page, '09-price');
	await watchProgress(page);
	it.emulators.fal.set({ progressMs: SEEN_MS });
	await visitor.button('Make the video').click();
	return visitor.arrive(/^\/smiles\/rnd_/);
}

async function watchItBeingMade(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.heading('Making the smile').waitFor();
	await expect.poll(() => visitor.credits()).toBe(36);
	await visitor.sees('You can close this page', '24 credits are held, not spent. Cancel and you get them back.');
	it.emulators.fal.set({ progressMs: 0 });
	await waitForEnd(visitor, 'The smile is ready');
	const seen = await progressSeen(page);
	expect(seen.perCents.length).toBeGreaterThan(2);
	expect(seen.perCents).toEqual(seen.perCents.toSorted((a, b) => a - b));
	expect(seen.spoken).toContain('The new smile is drawn');
	expect(seen.spoken).toContain('The video moves from before to after');
	expect(seen.done).toEqual(expect.arrayContaining([1, 2]));
}

async function compareByKeyboard(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await expect.poll(() => picturesLoaded(page), { timeout: RENDER_MS }).toBe(true);
	await inspect(page, '11-result');
	const cut = page.getByRole('slider', { name: 'Compare before and after' });
	await cut.focus();
	for (const [key, says] of [
		['Home', '0 % before'],
		['ArrowRight', '1 % before'],
		['PageUp', '11 % before'],
		['End', '100 % before'],
		['PageDown', '90 % before'],
		['ArrowLeft', '89 % before'],
	] as const) {
		await page.keyboard.press(key);
		await expect.poll(() => cut.getAttribute('aria-valuetext'), { message: key }).toBe(says);
	}
}

function picturesLoaded(page: Visitor['page']): Promise<boolean> {
	return page.evaluate(() =>
		[...document.querySelectorAll('main img')].every((img) => img instanceof HTMLImageElement && img.naturalWidth > 0),
	);
}

async function playTheVideo(visitor: Visitor): Promise<void> {
	const video = visitor.page.locator('video');
	const facts = await video.evaluate(async (film: HTMLVideoElement) => {
		await film.play();
		return { seconds: film.duration, width: film.videoWidth, height: film.videoHeight };
	});
	expect(facts).toEqual({ seconds: expect.closeTo(5, 1), width: 720, height: 1280 });
	await expect.poll(() => video.evaluate((film: HTMLVideoElement) => film.currentTime)).toBeGreaterThan(0.5);
	await video.evaluate((film: HTMLVideoElement) => film.pause());
}

async function downloadTheVideo(visitor: Visitor): Promise<void> {
	const [download] = await Promise.all([
		visitor.page.waitForEvent('download'),
		visitor.page.getByRole('link', { name: 'Download video' }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/\.mp4$/);
	expect((await stat(await download.path())).size).toBeGreaterThan(20_000);
}

async function deleteTheVideo(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.button('Delete video').click();
	const dialog = page.getByRole('alertdialog', { name: 'Delete the video of M-2041?' });
	await dialog.waitFor();
	await inspect(page, '12-delete-dialog');
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'hidden' });
	await expect.poll(() => page.locator('video').count()).toBe(1);

	await visitor.button('Delete video').click();
	await dialog.getByRole('button', { name: 'Delete video' }).click();
	await visitor.sees('The video is deleted', 'Video deleted.');
	await expect.poll(() => page.locator('video').count()).toBe(0);
	await inspect(page, '13-video-deleted');
}

async function letTheDayPass(visitor: Visitor, smile: string): Promise<void> {
	const { page } = visitor;
	await visitor.sees('The photo leaves in');
	await it.edge.moveClock(25);
	await expect
		.poll(
			async () => {
				await it.edge.runCron();
				await visitor.open(smile);
				return page.getByRole('heading', { name: 'This photo is gone' }).count();
			},
			{ timeout: RENDER_MS, interval: 500 },
		)
		.toBe(1);
	await inspect(page, '14-photo-gone');
	await page.getByRole('link', { name: 'Receipt' }).first().click();
	await visitor.heading('Deletion receipt').waitFor();
	await visitor.sees('Signature checked just now', 'Our private store', 'fal.ai');
	await inspect(page, '15-receipt');
	await visitor.open('/smiles');
	await visitor.sees(/^Photo deleted/);
	await inspect(page, '16-home-with-smile');
	await visitor.open('/credits');
	await inspect(page, '17-credits');
}

async function uploadsOf(visitor: Visitor) {
	const sent = visitor.requests.filter((request) => request.method() !== 'GET');
	return Promise.all(
		sent.map(async (request) => ({
			method: request.method(),
			origin: new URL(request.url()).origin,
			type: (await request.allHeaders())['content-type'] ?? '',
			bytes: (await request.sizes().catch(() => undefined))?.requestBodySize ?? 0,
		})),
	);
}

/** The photo travels once, straight to the media origin; no form and no call to the app carries a picture. */
function expectOnlyThePhotoWasSent(sent: Awaited<ReturnType<typeof uploadsOf>>): void {
	const toMedia = sent.filter(({ origin }) => origin === it.edge.mediaOrigin);
	expect(toMedia.filter(({ method }) => method === 'PUT')).toEqual([expect.objectContaining({ type: 'image/jpeg' })]);
	const others = sent.filter(({ method }) => method !== 'PUT');
	expect(others.filter(({ origin }) => origin !== it.edge.appOrigin)).toEqual([]);
	expect(others.filter(({ type }) => type.startsWith('image/') || type.startsWith('multipart/'))).toEqual([]);
	expect(others.filter(({ bytes }) => bytes > 4096)).toEqual([]);
}

test('a chosen file becomes a smile as the sample does', { timeout: JOURNEY_MS }, async () => {
	const phone = { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true };
	const { visitor } = await it.visitAsOwner('Praxis Süd', phone);
	await reachPhotoStep(visitor, 'I-7');
	await sendPhoto(visitor, 'public/samples/ines.jpg');
	const smile = await order(visitor);
	await waitForEnd(visitor, 'The smile is ready');

	await visitor.open(smile);
	await expect.poll(() => picturesLoaded(visitor.page)).toBe(true);
	await expect
		.poll(() => visitor.page.locator('video').evaluate((film: HTMLVideoElement) => film.readyState))
		.toBeGreaterThan(1);
	expect(await layoutShift(visitor.page)).toBeLessThanOrEqual(SHIFT_MAX);

	await deleteWithoutScript(smile, await visitor.context.storageState());
	await visitor.button('Delete the photo now').click();
	await visitor.page.getByRole('alertdialog').getByRole('button', { name: 'Delete the photo now' }).click();
	await visitor.sees('The photo is being deleted.');
	// The address that took the photo has to be closed before its absence can be signed for.
	await it.edge.moveClock(1);
	await expect
		.poll(
			async () => {
				await it.edge.runCron();
				await visitor.open(smile);
				return visitor.page.getByRole('heading', { name: 'This photo is gone' }).count();
			},
			{ timeout: RENDER_MS, interval: 500 },
		)
		.toBe(1);
});

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

/** The label names what goes, since nothing asks before. */
async function deleteWithoutScript(smile: string, storageState: Cookies): Promise<void> {
	const visitor = await it.visit({ storageState, javaScriptEnabled: false });
	await visitor.open(smile);
	await shoot(visitor.page, '52-result-no-script');
	await visitor.button('Delete after picture').click();
	await visitor.sees('The after picture is deleted');
	await expect.poll(() => visitor.page.locator('video').count()).toBe(1);
}
