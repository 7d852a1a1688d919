import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

import { PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { bundlePage } from '../../bench/reel-export/bundle-page';
import { fromRoot } from '../../scripts/root';
import { inspect } from './support/inspect';
import { tabTo } from './support/keyboard';
import { cropOf, pixelsOf, psnr, shares, type Pixels } from './support/psnr';
import type * as ReadFilm from './support/read-film';
import { orderSmile, RENDER_MS, waitForEnd } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

const JOURNEY_MS = 300_000;
const FRAMES = 150;
const LAST = FRAMES - 1;
/** Where the label stands in 1080 × 1920: the end of the safe area, said here once more. */
const LABEL = { left: 66, top: 1474, width: 380, height: 58 };
/** Where pictures stand in that frame: above the label. */
const ROOM = { width: 1080, height: 1444 };
/** Every tenth frame, and the last. */
const SAMPLED = [...Array.from({ length: FRAMES / 10 }, (_, at) => at * 10), LAST];

test(
	'a practice makes a reel of a smile on its own device, and takes it, stills and a sheet along',
	{ timeout: JOURNEY_MS },
	async () => {
		const { visitor } = await it.visitAsOwner('Praxis Łódź');
		const smile = await orderSmile(visitor, 'R-1');
		await waitForEnd(visitor, 'The smile is ready');
		await visitor.page.getByRole('link', { name: 'Make a reel' }).click();
		await visitor.arrive(/\/reel$/);
		const requestsBefore = visitor.requests.length;
		await visitor.heading('Make a reel').waitFor();
		await visitor.button('Export film').waitFor();
		await inspect(visitor.page, '60-reel');

		await scrubByKeyboard(visitor);
		await playAndPause(visitor);
		await visitor.page.getByRole('radio', { name: '5 seconds', exact: true }).check({ force: true });
		await visitor.page.getByLabel('Piece').selectOption('daylight');
		await visitor.sees(/At most about/);
		const stills = { first: await posterAt(visitor, 'Home'), last: await posterAt(visitor, 'End') };
		expect(loadedOnDemand(visitor)).toEqual([]);
		await cancelHalfWay(visitor);
		const film = await exportFilm(visitor);
		expectFilm(film.facts, film.lag);
		await expectFrames(film.facts, stills);
		expect(loadedOnDemand(visitor).join(' ')).toMatch(/export-reel.*aac-encoder/);
		probe(film.path);
		await takePair(visitor);
		await takeSheets(visitor);
		expect(expectNothingWasSent(visitor, requestsBefore)).toBeGreaterThan(0);
		await keepTheReel(visitor);
		await zoomIsOffered(visitor);
		await stillWithReducedMotion(visitor);
		await deleteTheReel(visitor, smile);
		await withoutThePhoto(visitor, smile);
	},
);

/** The scripts that only an export or a sheet needs: hundreds of kilobytes that no preview may wait for. */
function loadedOnDemand({ requests }: Visitor): string[] {
	return requests
		.map((request) => new URL(request.url()).pathname)
		.filter((path) => /export-reel|consult-sheet|aac-encoder/.test(path));
}

function frameShown({ page }: Visitor): Promise<number> {
	return page.locator('.reel-canvas').evaluate((canvas) => Number((canvas as HTMLCanvasElement).dataset['frame']));
}

async function scrubByKeyboard(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await tabTo(page, 'Place in the reel');
	for (const [key, frame, says] of [
		['ArrowRight', 1, '0.0 of 6 seconds'],
		['End', 179, '6.0 of 6 seconds'],
		['ArrowLeft', 178, '5.9 of 6 seconds'],
		['Home', 0, '0.0 of 6 seconds'],
	] as const) {
		await page.keyboard.press(key);
		await expect.poll(() => frameShown(visitor), { message: key }).toBe(frame);
		expect(await page.getByLabel('Place in the reel').getAttribute('aria-valuetext')).toBe(says);
	}
}

async function playAndPause(visitor: Visitor): Promise<void> {
	await visitor.button('Play').press('Space');
	await expect.poll(() => frameShown(visitor)).toBeGreaterThan(5);
	await visitor.button('Pause').press('Space');
	await visitor.button('Play').waitFor();
	const stood = await frameShown(visitor);
	expect(stood).toBeLessThan(180);
	await expect.poll(() => frameShown(visitor)).toBe(stood);
}

async function posterAt(visitor: Visitor, key: 'Home' | 'End'): Promise<Pixels> {
	await visitor.page.getByLabel('Place in the reel').press(key);
	await expect.poll(() => frameShown(visitor)).toBe(key === 'Home' ? 0 : LAST);
	return pixelsOf(await download(visitor, 'Poster, PNG', 'poster.png'));
}

/** Presses the button and answers the file it saves. */
async function download({ page }: Visitor, button: string, name: string): Promise<Buffer> {
	const [saved] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: button, exact: true }).click(),
	]);
	expect(saved.suggestedFilename()).toBe(name);
	return readFile(await saved.path());
}

async function cancelHalfWay(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await visitor.button('Export film').click();
	await visitor.sees(/frame [1-9]\d* of 150/);
	await visitor.button('Cancel export').click();
	await visitor.sees('Cancelled. Nothing of the film is left.');
	await expect.poll(() => page.getByRole('link', { name: /^Download 9:16/ }).count()).toBe(0);
	await visitor.button('Export film').waitFor();
}

async function exportFilm(visitor: Visitor) {
	const { page } = visitor;
	const promised = (await page.getByText(/At most about/).textContent()) ?? '';
	await visitor.button('Export film').click();
	const link = page.getByRole('link', { name: 'Download 9:16' });
	await link.waitFor({ timeout: RENDER_MS });
	await visitor.sees('The film is ready.');
	await inspect(page, '61-reel-exported');
	const [saved] = await Promise.all([page.waitForEvent('download'), link.click()]);
	expect(saved.suggestedFilename()).toBe('reel-9x16.mp4');
	const path = await saved.path();
	const atMost = Number(/At most about ([\d.]+) MB/.exec(promised)?.[1]) * 1024 * 1024;
	const bytes = await readFile(path);
	expect(bytes.length).toBeLessThan(atMost * 1.1);
	expect(bytes.length).toBeGreaterThan(100_000);

	const reader = await bundlePage(fromRoot('test', 'e2e', 'support', 'read-film.ts'), 'reader');
	await page.evaluate(`globalThis.filmReader = (() => { ${reader}; return reader; })()`);
	const [facts, lag] = await page.evaluate(
		async ([film, frames]) => {
			const { filmReader } = globalThis as unknown as { filmReader: typeof ReadFilm };
			return [await filmReader.readFilm(film, frames), await filmReader.soundLag(film, 'daylight', 5)] as const;
		},
		[bytes.toString('base64'), SAMPLED] as const,
	);
	return { facts, lag, path };
}

function expectFilm(facts: ReadFilm.FilmFacts, lag: { samples: number; agreement: number }): void {
	expect(facts.mimeType).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}, mp4a\.40\.2"$/);
	expect(facts.video).toMatchObject({ width: 1080, height: 1920, frames: FRAMES });
	// Level 4.0: 8160 macroblocks of a frame, 1080 × 1920 has 8160.
	expect(facts.video.codec).toMatch(/^avc1\.(64|4d|42)[0-9a-f]{2}(28|29|2a|32|33|34)$/i);
	expect(facts.video.seconds).toBeCloseTo(5, 3);
	expect(facts.video.keyFrames).toBeGreaterThanOrEqual(3);
	expect(facts.video.colour).toMatchObject({ matrix: 'bt709', primaries: 'bt709', fullRange: false });
	expect(facts.audio).toMatchObject({ channels: 2, rate: 48_000 });
	expect(Math.abs((facts.audio?.seconds ?? 0) - 5)).toBeLessThan(0.1);
	expect(lag.agreement).toBeGreaterThan(0.9);
	// Less than a frame.
	expect(Math.abs(lag.samples)).toBeLessThan(48_000 / 30);
}

async function expectFrames({ frames }: ReadFilm.FilmFacts, stills: { first: Pixels; last: Pixels }): Promise<void> {
	const shown = await Promise.all(frames.map((frame) => pixelsOf(Buffer.from(frame, 'base64'))));
	const [first, last] = [shown[0]!, shown.at(-1)!];
	expect(psnr(first, stills.first)).toBeGreaterThan(35);
	expect(psnr(last, stills.last)).toBeGreaterThan(35);
	expect(psnr(first, stills.first) - psnr(first, stills.last)).toBeGreaterThan(3);
	expect(psnr(middleOf(first), middleOf(await sampleBehind()))).toBeGreaterThan(25);

	const label = labelIn(stills.first);
	expect(shares(label).dark).toBeGreaterThan(0.5);
	expect(shares(label).bright).toBeGreaterThan(0.05);
	const worst = Math.min(...shown.map((frame) => psnr(labelIn(frame), label)));
	expect(worst).toBeGreaterThan(25);
}

function labelIn(frame: Pixels): Pixels {
	return cropOf(frame, LABEL.left, LABEL.top, LABEL.width, LABEL.height);
}

/** Below the names and above the captions, where nothing but the picture is. */
function middleOf(frame: Pixels): Pixels {
	return cropOf(frame, 0, 560, 1080, 700);
}

/** The drawn patient that the order was made with, as large as the frame shows it: by another scaler than the film's. */
async function sampleBehind(): Promise<Pixels> {
	const photo = sharp(fromRoot('public', 'samples', 'mara.jpg'));
	const { width, height } = await photo.metadata();
	const scale = Math.max(ROOM.width / width, ROOM.height / height);
	const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
	const left = Math.round((wide - ROOM.width) / 2);
	const top = Math.round(Math.min(Math.max(0, 0.6 * high - ROOM.height / 2), high - ROOM.height));
	return pixelsOf(
		await photo
			.resize(wide, high)
			.extract({ left, top, ...ROOM })
			.png()
			.toBuffer(),
	);
}

/** A reader of other people's, where the machine has it. */
function probe(path: string): void {
	const answer = spawnSync('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', path], {
		encoding: 'utf8',
	});
	if (answer.error !== undefined) return;
	const { streams } = JSON.parse(answer.stdout) as { streams: Record<string, unknown>[] };
	expect(streams).toEqual([
		expect.objectContaining({
			codec_name: 'h264',
			width: 1080,
			height: 1920,
			nb_read_frames: '150',
			pix_fmt: 'yuv420p',
			color_range: 'tv',
		}),
		expect.objectContaining({ codec_name: 'aac', sample_rate: '48000', channels: 2 }),
	]);
}

async function takePair(visitor: Visitor): Promise<void> {
	const { width, height, format } = await sharp(await download(visitor, 'Still pair', 'still-pair.png')).metadata();
	expect({ width, height, format }).toEqual({ width: 1920, height: 1080, format: 'png' });
	expect((await sharp(await download(visitor, 'Poster, JPEG', 'poster.jpg')).metadata()).format).toBe('jpeg');
}

async function takeSheets(visitor: Visitor): Promise<void> {
	for (const [button, name, size] of [
		['Consult sheet, A4', 'consult-sheet-a4.pdf', { width: 595.28, height: 841.89 }],
		['Consult sheet, Letter', 'consult-sheet-letter.pdf', { width: 612, height: 792 }],
	] as const) {
		const sheet = await PDFDocument.load(await download(visitor, button, name));
		expect(sheet.getPages().map((page) => page.getSize())).toEqual([size]);
		expect(sheet.getTitle()).toMatch(/^Consultation, Whitening/);
		// Two photos, and the practice's name, whose Ł and ź the printer's own fonts lack.
		const pictures = sheet.context
			.enumerateIndirectObjects()
			.filter(
				([, each]) => each instanceof PDFRawStream && each.dict.get(PDFName.of('Subtype')) === PDFName.of('Image'),
			);
		expect(pictures.length).toBeGreaterThanOrEqual(3);
	}
}

/**
 * From opening the page to the last download: pages and pictures were asked for, and nothing went the other way but hashes of what
 * was taken along, to be signed; a picture or a film would be larger than all of them. Answers how many times.
 */
function expectNothingWasSent({ requests }: Visitor, from: number): number {
	const sent = requests.slice(from).filter((request) => request.method() !== 'GET');
	const isHashes = (request: (typeof sent)[number]) =>
		/\/v1\/provenance\/(signatures|statements)$/.test(request.url()) && (request.postData() ?? '').length < 4_000;
	const others = sent.filter((request) => !isHashes(request));
	expect(others.map((request) => `${request.method()} ${request.url()}`)).toEqual([]);
	return sent.length;
}

async function keepTheReel(visitor: Visitor): Promise<void> {
	await tabTo(visitor.page, 'Keep it with this smile');
	await visitor.page.keyboard.press('Enter');
	await visitor.sees(/Kept with this smile\./);
	await inspect(visitor.page, '61-reel-kept');
}

/** On the page of its smile it plays, with its label, until it is deleted. */
async function deleteTheReel(visitor: Visitor, smile: string): Promise<void> {
	const { page } = visitor;
	await visitor.open(smile);
	await visitor.heading('Made on your devices').waitFor();
	const reel = page.getByLabel('Reel of R-1');
	await expect
		.poll(() => reel.evaluate((film: HTMLVideoElement) => [film.videoWidth, Math.round(film.duration)]))
		.toEqual([1080, 5]);
	await page.getByRole('link', { name: 'Download reel' }).waitFor();
	await inspect(page, '62-smile-with-reel');
	await visitor.button('Delete reel').click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete reel' }).click();
	await visitor.sees('Reel deleted.');
	await expect.poll(() => reel.count()).toBe(0);
}

async function zoomIsOffered(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.getByRole('radio', { name: 'Zoom', exact: true }).check({ force: true });
	await page.getByLabel('Zoom to, from the top').waitFor();
	await page.getByRole('radio', { name: '16:9', exact: true }).check({ force: true });
	await visitor.sees('1920 × 1080');
	await expect.poll(() => page.locator('.reel-canvas').getAttribute('width')).toBe('960');
	await visitor.button('Add caption').click();
	await page.getByLabel('Caption 2', { exact: true }).fill('Ask us how it is done');
	await inspect(page, '62-reel-zoom');
}

async function stillWithReducedMotion(visitor: Visitor): Promise<void> {
	const { page } = visitor;
	await page.getByLabel('Place in the reel').press('Home');
	await page.emulateMedia({ reducedMotion: 'reduce' });
	await visitor.button('Next second').click();
	await expect.poll(() => frameShown(visitor)).toBe(30);
	await page.emulateMedia({ reducedMotion: null });
}

/**
 * The photo is sent off; its page then says what can still be made, and takes the practice's own copy. In a browser without
 * encoders, which gets stills and a sentence.
 */
async function withoutThePhoto(visitor: Visitor, smile: string): Promise<void> {
	const { page } = visitor;
	await visitor.open(smile);
	await visitor.button('Delete the photo now').click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the photo now' }).click();
	await visitor.sees('The photo is being deleted.');
	await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'VideoEncoder'));
	await visitor.open(`${smile}/reel`);
	await visitor.sees('The photo is gone, so there is no picture before');
	await inspect(page, '63-reel-photo-gone');
	await expect.poll(() => visitor.button('Still pair').count()).toBe(0);
	const poster = await sharp(await download(visitor, 'Poster, PNG', 'poster.png')).metadata();
	expect([poster.width, poster.height]).toEqual([1080, 1350]);
	const from = visitor.requests.length;
	await page.locator('input[type=file]').setInputFiles(fromRoot('public', 'samples', 'mara.jpg'));
	await visitor.sees('This browser cannot make films');
	await visitor.button('Still pair').waitFor();
	await expect.poll(() => visitor.button('Export film').count()).toBe(0);
	expect(expectNothingWasSent(visitor, from)).toBe(0);
}
