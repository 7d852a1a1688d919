import { readFile } from 'node:fs/promises';

import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { inspect } from './support/inspect';
import { tabTo } from './support/keyboard';
import { reachPhotoStep, sendPhoto } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

const VISIT_MS = 240_000;
const NOTHING_AROUND = /Only the mouth changes\. Around the teeth, 0 of [\d,]+ pixels differ\./;

test(
	'a shade is seen on the device before anything is ordered, and a pair is aligned there',
	{ timeout: VISIT_MS },
	async () => {
		const { visitor } = await it.visitAsOwner();
		await reachPhotoStep(visitor, 'S-1');
		await sendPhoto(visitor);
		const sentBefore = sentBy(visitor);
		await previewTheShade(visitor);
		await chooseAnotherTreatment(visitor);
		await visitor.open('/pairs/new');
		await alignAPair(visitor);
		expect(sentBy(visitor)).toBe(sentBefore);
		await saveThePair(visitor);
		expect(it.errors).toEqual([]);
	},
);

/** Requests that carry anything away. */
function sentBy(visitor: Visitor): number {
	return visitor.requests.filter((request) => request.method() !== 'GET').length;
}

/** Light of the teeth in the preview: the sum of the bytes that are laid over the photo. */
function lightShown(visitor: Visitor): Promise<number> {
	return visitor.page.locator('canvas.picture-part').evaluate((canvas: HTMLCanvasElement) => {
		const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
		let sum = 0;
		for (const byte of pixels) sum += byte;
		return sum;
	});
}

async function previewTheShade(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.heading('How should it look?').waitFor();
	await visitor.sees(NOTHING_AROUND, /Preview ready in \d+ ms/, 'Approximate preview, not a measurement.');
	await inspect(page, '60-shade-preview');

	const usual = await lightShown(visitor);
	await page
		.getByRole('group', { name: 'Shade to show' })
		.getByRole('radio', { name: 'BL1', exact: true })
		.check({ force: true });
	await expect.poll(() => lightShown(visitor)).toBeGreaterThan(usual);
	const lightest = await lightShown(visitor);
	await tabTo(page, 'Strength');
	await page.keyboard.press('Home');
	await expect.poll(() => page.getByLabel('Strength').getAttribute('aria-valuetext')).toBe('10 %');
	await expect.poll(() => lightShown(visitor)).toBeLessThan(lightest);
	await visitor.sees(NOTHING_AROUND);

	const cut = page.getByRole('slider', { name: 'Compare before and after' });
	await cut.focus();
	await page.keyboard.press('End');
	await expect.poll(() => cut.getAttribute('aria-valuetext')).toBe('100 % before');
	await page.keyboard.press('Home');
	await visitor.button('Show the difference').click();
	await visitor.button('Show the preview').waitFor();
	await expect.poll(() => mapShown(visitor)).toBeGreaterThan(500);
	await inspect(page, '61-shade-difference');
	await visitor.button('Show the preview').click();
}

/** Pixels of the map of changes that are drawn in its blue. */
function mapShown(visitor: Visitor): Promise<number> {
	return visitor.page.locator('canvas.picture-part').evaluate((canvas: HTMLCanvasElement) => {
		const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
		let blue = 0;
		for (let at = 0; at < pixels.length; at += 4) {
			if ((pixels[at + 2] ?? 0) > 180 && (pixels[at] ?? 0) < 60 && (pixels[at + 3] ?? 0) > 0) blue++;
		}
		return blue;
	});
}

async function chooseAnotherTreatment(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.getByLabel('Treatment').selectOption('Aligners');
	await visitor.sees('This treatment changes no colour', 'Moves teeth. Their colour, shape, size and number stay.');
	await expect.poll(() => page.getByRole('group', { name: 'Shade to show' }).count()).toBe(0);
	await page.getByLabel('Treatment').selectOption('Veneers');
	await visitor.sees('The preview shows the colour alone.');
	await page.getByLabel('Tooth 11, Universal 8').check({ force: true });
	await tabTo(page, 'Tooth 21, Universal 9');
	await page.keyboard.press('Space');
	await expect.poll(() => page.getByLabel('Tooth 21, Universal 9').isChecked()).toBe(true);
	await inspect(page, '62-shade-veneers');
}

async function alignAPair(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.heading('A before and a real after').waitFor();
	await inspect(page, '63-pair-empty');
	await page.getByLabel('Choose the before photo').setInputFiles(fromRoot('public/samples/mara.jpg'));
	await page.getByRole('img', { name: 'Before, as it was chosen' }).waitFor();
	await page.getByLabel('Choose the after photo').setInputFiles(fromRoot('public/samples/mara-after.jpg'));
	await visitor.sees('How comparable they are', 'What was done to the after photo', /no tooth was recoloured/);
	await expect.poll(() => page.locator('.fig .n').textContent()).toMatch(/^(9\d|100)of 100$/);
	await inspect(page, '64-pair-aligned');

	const cut = page.getByRole('slider', { name: 'Compare before and after' });
	await cut.focus();
	await page.keyboard.press('PageUp');
	await expect.poll(() => cut.getAttribute('aria-valuetext')).toBe('60 % before');

	const [download] = await Promise.all([page.waitForEvent('download'), visitor.button('Download pair').click()]);
	expect(download.suggestedFilename()).toBe('before-and-after.jpg');
	const { format, width, height } = await sharp(await readFile(await download.path())).metadata();
	expect(format).toBe('jpeg');
	expect(width).toBeGreaterThan(1.3 * height);

	await page.getByLabel('Choose another after photo').setInputFiles(fromRoot('test/fixtures/patients/closed.png'));
	await visitor.sees('The after photo cannot be used', /The mouth is closed in this photo/);
}

/** Under the consent that the patient of the shade has signed. */
async function saveThePair(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.getByLabel('Choose another after photo').setInputFiles(fromRoot('public/samples/mara-after.jpg'));
	await visitor.heading('Save this pair').waitFor();
	await page.getByLabel('What was done').selectOption('Bonding');
	await visitor.button('Save this pair').click();
	await visitor.sees('Type your own reference for the patient, such as M-2041.');
	await page.getByLabel('Patient reference').fill('S-404');
	await page.getByLabel(/^Both pictures are photographs/).check();
	await visitor.button('Save this pair').click();
	await visitor.sees('No consent of this patient holds');
	await inspect(page, '65-pair-unsigned');
	await page.getByLabel('Patient reference').fill('S-1');
	await visitor.button('Save this pair').click();
	await visitor.sees('The pair is saved');
	await visitor.button('Make a reel').click();
	await visitor.button('Export film').waitFor();
	await inspect(page, '66-pair-saved');

	await page.getByRole('link', { name: 'Open the pair of S-1' }).click();
	await visitor.sees('Real pair, attested', 'Made on your devices');
	const still = page.getByRole('img', { name: 'Still pair of S-1' });
	await expect.poll(() => still.evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(1920);
	await inspect(page, '67-pair-page');
	await visitor.open('/smiles');
	await visitor.sees('Real pair');
}
