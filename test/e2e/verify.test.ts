import { readFile } from 'node:fs/promises';

import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

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

const JOURNEY_MS = 300_000;
const STATED = 'This service stated what it is';
const WHOLE = 'Content credentials, and the file is as it was signed';

/** A poster of a new smile, and the statement beside it, as files. */
async function exportPoster(visitor: Visitor) {
	const { page } = visitor;
	await orderSmile(visitor, 'V-1');
	await waitForEnd(visitor, 'The smile is ready');
	await page.getByRole('link', { name: 'Make a reel' }).click();
	await visitor.arrive(/\/reel$/);
	await visitor.button('Poster, PNG').waitFor();
	const [poster] = await Promise.all([page.waitForEvent('download'), visitor.button('Poster, PNG').click()]);
	expect(poster.suggestedFilename()).toBe('poster.png');
	await visitor.sees('It left with content credentials inside. Its signed statement is beside it.');
	const [beside] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('link', { name: 'Its statement, poster.afterglow.json' }).click(),
	]);
	expect(beside.suggestedFilename()).toBe('poster.afterglow.json');
	return { poster: await readFile(await poster.path()), statement: await readFile(await beside.path(), 'utf8') };
}

/** Gives a file to the page and waits for what it says. */
async function check({ page }: Visitor, name: string, mimeType: string, buffer: Buffer): Promise<void> {
	await page.getByLabel(/^Choose (a|another) file$/).setInputFiles({ name, mimeType, buffer });
	await page.getByRole('heading', { name, exact: true }).waitFor();
}

const Sent = z.strictObject({ fileHash: z.string().length(64) });

test(
	'an exported poster says what it is to a stranger, a changed byte is seen, and its hash alone is sent',
	{ timeout: JOURNEY_MS },
	async () => {
		const { visitor: practice } = await it.visitAsOwner('Praxis Łódź');
		const { poster, statement } = await exportPoster(practice);

		const stranger = await it.visit();
		await stranger.open('/verify');
		await stranger.heading('Check a file').waitFor();
		await inspect(stranger.page, '70-verify');
		const before = stranger.requests.length;
		expect(stranger.requests.filter((request) => request.url().includes('c2pa'))).toEqual([]);

		await check(stranger, 'poster.png', 'image/png', poster);
		await stranger.sees(STATED);
		await stranger.sees(WHOLE);
		const facts = stranger.page.getByRole('region', { name: 'Statement' });
		for (const words of ['A simulation', 'AI visualisation, not a promise of a result', 'Praxis Łódź', 'fal.ai']) {
			await facts.getByText(words).first().waitFor();
		}
		await stranger.sees('nobody else vouches for it on this page');
		await inspect(stranger.page, '71-verify-whole');

		const changed = Buffer.from(poster);
		const at = changed.length - 20;
		changed[at] = (changed[at] ?? 0) ^ 1;
		await check(stranger, 'changed.png', 'image/png', changed);
		await stranger.sees('The file was changed after it was signed');
		await stranger.sees('No statement is known of these bytes.');
		await expect.poll(() => stranger.page.getByText(STATED).count()).toBe(0);
		await inspect(stranger.page, '72-verify-changed');

		await check(stranger, 'poster.afterglow.json', 'application/json', Buffer.from(statement));
		await stranger.sees(STATED);
		const forged = statement.replace('"simulation"', '"genuine_pair"');
		expect(forged).not.toBe(statement);
		await check(stranger, 'forged.afterglow.json', 'application/json', Buffer.from(forged));
		await stranger.sees('This statement does not hold');

		const stripped = await sharp(poster).png().toBuffer();
		await check(stranger, 'stripped.png', 'image/png', stripped);
		await stranger.sees('Nothing is known of this file');
		await inspect(stranger.page, '73-verify-nothing');
		await check(stranger, 'notes.txt', 'text/plain', Buffer.from('Mara, before'));
		await stranger.sees('This is no file that leaves this service');

		const sent = stranger.requests.slice(before).filter((request) => request.method() !== 'GET');
		expect(sent).toHaveLength(3);
		for (const request of sent) Sent.parse(request.postDataJSON());
	},
);
