import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';

import { chromium, type Page } from 'playwright-core';

import { findChromium } from '../scripts/checks/chromium';
import { fromRoot } from '../scripts/root';
import { bundlePage } from './reel-export/bundle-page';
import type { Measured, ReelBench, Way } from './reel-export/measured';
import { quantile, type Row } from './row';

/** One after another, so that a slow moment of the machine falls on all three. */
const ROUNDS = 3;
const WAYS: readonly Way[] = ['raw', 'engine', 'ours'];
const RAW_SHARE_MIN = 0.75;
const ENGINE_RATIO_MIN = 1.25;

const PICTURES = { before: '/mara.jpg', after: '/mara-after.jpg' };
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

/** Frames a second of a reel's export, beside the browser's encoder alone and another engine, in one browser. */
export async function run(): Promise<Row[]> {
	const server = await serve(await bundlePage(fromRoot('bench', 'reel-export', 'page.ts'), 'reelBench'));
	const browser = await chromium.launch({ executablePath: await findChromium(), args: ARGS });
	try {
		const page = await browser.newPage();
		await page.goto(originOf(server));
		return [...(await rowsOf(page)), await zoomRow(page)];
	} finally {
		await browser.close();
		server.close();
	}
}

async function rowsOf(page: Page): Promise<Row[]> {
	const rates: Record<Way, number[]> = { ours: [], raw: [], engine: [] };
	for (const way of WAYS) await measureOnce(page, way, 'wipe');
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const way of WAYS) rates[way].push(rateOf(await measureOnce(page, way, 'wipe')));
	}
	const [ours, raw, engine] = [rates.ours, rates.raw, rates.engine].map((list) => quantile(list, 0.5));
	if (ours === undefined || raw === undefined || engine === undefined) throw new Error('Nothing was measured.');
	return [
		{
			what: 'reel export, wipe, 1080 × 1920',
			figure: ours,
			unit: 'frames/s',
			comparedWith: `encoder fed by canvas, ${raw.toFixed(1)} frames/s`,
			ratio: ours / raw,
			budget: { text: `≥ ${RAW_SHARE_MIN} × it`, isMet: ours / raw >= RAW_SHARE_MIN },
		},
		{
			what: 'reel export, the same',
			figure: ours,
			unit: 'frames/s',
			comparedWith: `@diffusionstudio/core, ${engine.toFixed(1)} frames/s`,
			ratio: ours / engine,
			budget: { text: `≥ ${ENGINE_RATIO_MIN} × it`, isMet: ours / engine >= ENGINE_RATIO_MIN },
		},
	];
}

/** In a zoom every pixel changes, so every frame is converted whole: the slowest scene there is. */
async function zoomRow(page: Page): Promise<Row> {
	const rates: { ours: number[]; raw: number[] } = { ours: [], raw: [] };
	for (let round = 0; round < ROUNDS; round += 1) {
		rates.raw.push(rateOf(await measureOnce(page, 'raw', 'zoom')));
		rates.ours.push(rateOf(await measureOnce(page, 'ours', 'zoom')));
	}
	const [ours, raw] = [quantile(rates.ours, 0.5), quantile(rates.raw, 0.5)];
	return {
		what: 'reel export, zoom, 1080 × 1920',
		figure: ours,
		unit: 'frames/s',
		comparedWith: `encoder fed by canvas, ${raw.toFixed(1)} frames/s`,
		ratio: ours / raw,
	};
}

function rateOf({ frames, milliseconds }: Measured): number {
	return (1000 * frames) / milliseconds;
}

async function measureOnce(page: Page, way: Way, kind: 'wipe' | 'zoom'): Promise<Measured> {
	const measured = await page.evaluate(
		([which, scene, urls]) => {
			const { reelBench } = globalThis as unknown as { reelBench: ReelBench };
			return reelBench.measure(which, scene, urls);
		},
		[way, kind, PICTURES] as const,
	);
	if (measured.bytes < 10_000) throw new Error(`The film made by ${way} has ${measured.bytes} bytes, which is none.`);
	return measured;
}

async function serve(script: string): Promise<Server> {
	const files = new Map<string, { type: string; body: string | Buffer }>([
		['/', { type: 'text/html', body: '<!doctype html><script src="/page.js"></script>' }],
		['/page.js', { type: 'text/javascript', body: script }],
		...(await Promise.all(
			Object.values(PICTURES).map(async (path) => {
				const body = await readFile(fromRoot('public', 'samples', path.slice(1)));
				return [path, { type: 'image/jpeg', body }] as const;
			}),
		)),
	]);
	const server = createServer((request, response) => {
		const file = files.get(request.url ?? '');
		// The other engine asks for a page that is cut off from others.
		response.setHeader('cross-origin-opener-policy', 'same-origin');
		response.setHeader('cross-origin-embedder-policy', 'credentialless');
		response.setHeader('content-type', file?.type ?? 'text/plain');
		response.statusCode = file === undefined ? 404 : 200;
		response.end(file?.body ?? '');
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	return server;
}

function originOf(server: Server): string {
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The page of the bench is served nowhere.');
	return `http://127.0.0.1:${address.port}/`;
}
