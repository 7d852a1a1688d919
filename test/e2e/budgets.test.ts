import { gzipSync } from 'node:zlib';

import type { Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { order, reachPhotoStep, sendPhoto } from './support/smile-steps';
import { startStudio, type StudioInBrowser } from './support/start-studio';
import type { Visitor } from './support/visitor';

const KILOBYTE = 1000;
/** In kilobytes. Pages to get in carry passkeys, and the names of what the policy promises, which every page may have to say. */
const BUDGETS = { landing: 90, ways: 120, work: 140, style: 20, fonts: 48 };
/** All that is loaded until the first shade is drawn on the device, but the photo itself: page, worker, models, WebAssembly. */
const PREVIEW_KB_MAX = 2_800;

let it: StudioInBrowser;
beforeAll(async () => {
	it = await startStudio();
});
afterEach(() => it.leave());
afterAll(() => it.close());

/** What an answer weighs as it travels, in bytes: nothing but weights of models and fonts comes compressed already. */
async function travelling(answer: Response): Promise<number> {
	if (!answer.ok()) return 0;
	const body = await answer.body();
	return /\.(?:bin|woff2)$/.test(new URL(answer.url()).pathname) ? body.length : gzipSync(body).length;
}

interface Weights {
	readonly script: number;
	readonly style: number;
	readonly fonts: number;
}

/** What a first view of the page loads, in kilobytes as they travel: text gzipped, fonts as they are. */
async function weigh(visitor: Visitor, path: string): Promise<Weights> {
	const answers: Response[] = [];
	visitor.page.on('response', (answer) => answers.push(answer));
	await visitor.open(path);
	await expect.poll(() => visitor.page.evaluate(() => document.fonts.status)).toBe('loaded');
	const sum = async (kind: string, sizeOf: (body: Buffer) => number) => {
		const bodies = await Promise.all(
			answers.filter((answer) => answer.request().resourceType() === kind).map((answer) => answer.body()),
		);
		return bodies.reduce((total, body) => total + sizeOf(body), 0) / KILOBYTE;
	};
	return {
		script: await sum('script', (body) => gzipSync(body).length),
		style: await sum('stylesheet', (body) => gzipSync(body).length),
		fonts: await sum('font', (body) => body.length),
	};
}

/** What is heavier than it may be. */
function over({ script, style, fonts }: Weights, scriptMax: number): string[] {
	return [
		...(script > scriptMax ? [`${script} kB script, ${scriptMax} at most`] : []),
		...(style > BUDGETS.style ? [`${style} kB style, ${BUDGETS.style} at most`] : []),
		...(fonts > BUDGETS.fonts ? [`${fonts} kB fonts, ${BUDGETS.fonts} at most`] : []),
	];
}

function print(path: string, { script, style, fonts }: Weights): void {
	process.stdout.write(
		`${path}: ${script.toFixed(1)} kB script, ${style.toFixed(1)} kB style, ${fonts.toFixed(1)} kB fonts\n`,
	);
}

test('the landing page is light', async () => {
	const weights = await weigh(await it.visit(), '/');
	print('/', weights);
	expect(over(weights, BUDGETS.landing)).toEqual([]);
});

test('the pages to get in are light, passkeys included', async () => {
	for (const path of ['/sign-in', '/sign-up']) {
		const weights = await weigh(await it.visit(), path);
		print(path, weights);
		expect(over(weights, BUDGETS.ways)).toEqual([]);
	}
});

test('the pages one works on keep their budget, the photo step without its HEIC decoder', async () => {
	const { visitor } = await it.visitAsOwner();
	it.emulators.fal.set({ latencyMs: 600_000 });
	await reachPhotoStep(visitor, 'B-1');
	const { pathname, search } = new URL(visitor.page.url());
	await sendPhoto(visitor);
	const storageState = await visitor.context.storageState();
	const previewKb = await weighPreview(await it.visit({ storageState }), visitor.page.url());
	process.stdout.write(`before the first preview: ${previewKb.toFixed(0)} kB\n`);
	expect(previewKb).toBeLessThanOrEqual(PREVIEW_KB_MAX);
	const smile = await order(visitor);
	for (const path of ['/smiles', '/credits', pathname + search, smile]) {
		const weights = await weigh(await it.visit({ storageState }), path);
		print(path.split('?', 1)[0] ?? path, weights);
		expect(over(weights, BUDGETS.work)).toEqual([]);
	}
});

/** Everything from the app's own origin, the worker's requests included, in kilobytes. */
async function weighPreview(visitor: Visitor, address: string): Promise<number> {
	const { origin, pathname, search } = new URL(address);
	const answers: Response[] = [];
	visitor.context.on('response', (answer) => answers.push(answer));
	await visitor.open(pathname + search);
	await visitor.sees(/Preview ready in/);
	const ours = answers.filter((answer) => new URL(answer.url()).origin === origin);
	const weights = await Promise.all(ours.map(travelling));
	// Without the models among them nothing was weighed that counts.
	expect(ours.some((answer) => answer.url().includes('facemesh'))).toBe(true);
	return weights.reduce((total, bytes) => total + bytes, 0) / KILOBYTE;
}
