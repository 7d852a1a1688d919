import { stat } from 'node:fs/promises';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { inspect } from './support/inspect';
import { startStudio, type StudioInBrowser } from './support/start-studio';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio('image');
});
afterEach(() => it.leave());
afterAll(() => it.close());

test('words become a picture, which is downloaded and deleted with a receipt', async () => {
	const visitor = await it.visit();
	const { page } = visitor;
	await visitor.open('/');
	await inspect(page, '60-image-landing');
	await visitor.signUp('Ada Lindqvist');
	const before = await visitor.credits();
	await inspect(page, '61-pictures-empty');
	await page.getByLabel('What do you want to see?').fill('A red boat on a still lake, morning light');
	await visitor.button('Make the picture').click();
	await visitor.arrive(/^\/pictures\/rnd_/);
	await visitor.heading('There it is').waitFor();
	const picture = page.getByRole('img', { name: 'A red boat on a still lake, morning light' });
	await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
	await expect.poll(() => visitor.credits()).toBeLessThan(before);
	await inspect(page, '62-picture');

	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Picture', exact: true }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/\.(png|jpe?g|webp)$/);
	expect((await stat(await download.path())).size).toBeGreaterThan(1000);

	await visitor.button('Delete picture').click();
	const dialog = page.getByRole('alertdialog', { name: 'Delete this picture?' });
	await dialog.waitFor();
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'hidden' });
	await visitor.button('Delete picture').click();
	await dialog.getByRole('button', { name: 'Delete picture' }).click();
	await visitor.arrive(/^\/receipts\//);
	await visitor.sees('Signature checked just now');
	await inspect(page, '63-picture-receipt');
	await visitor.open('/pictures');
	await visitor.sees('deleted');
	await inspect(page, '64-pictures');
	expect(it.errors).toEqual([]);
});
