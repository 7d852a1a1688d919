/** `npm run screenshots`: the picture of the README, taken from the running product and never by hand. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';
import sharp from 'sharp';

import { startEmulators } from '../emulators/start-emulators';
import { dental } from '../studios/dental';
import { findChromium } from './checks/chromium';
import { startEdge, type Edge } from './edge/start-edge';
import { fromRoot } from './root';
import type { ApiClient } from './start/api-client';
import { demoPractice } from './start/demo-practice';
import { runMainJob } from './start/main-job';
import { createProgress } from './start/progress';

const PICTURE = fromRoot('docs', 'images', 'result.png');
const VIEWPORT = { width: 1280, height: 900 };
const LOADING_SIGN_MS = 2000;
/** What a README may weigh on a slow line; above it, fewer colours have to do. */
const PICTURE_BYTES_MAX = 300_000;

async function photograph(browser: Browser, edge: Edge, client: ApiClient, path: string): Promise<Buffer> {
	const context = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
	const cookies = client.cookie.split('; ').map((cookie) => {
		const at = cookie.indexOf('=');
		return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url: edge.appOrigin };
	});
	await context.addCookies(cookies);
	const page = await context.newPage();
	await page.goto(edge.appOrigin + path, { waitUntil: 'networkidle' });
	await page.evaluate('document.fonts.ready');
	// While a film still loads, and for a moment after it, the browser's own loading sign lies over its first frame.
	await page.waitForFunction(
		'[...document.querySelectorAll("video")].every((film) => film.readyState >= 2 && film.networkState === 1)',
	);
	await page.waitForTimeout(LOADING_SIGN_MS);
	const picture = await page.screenshot();
	await context.close();
	return sharp(picture).png({ palette: true, effort: 10 }).toBuffer();
}

async function main(): Promise<void> {
	const executablePath = await findChromium();
	const stateDir = await mkdtemp(join(tmpdir(), 'afterglow-'));
	const emulators = await startEmulators();
	const edge = await startEdge({ studio: 'dental', stateDir, emulators: emulators.origin });
	const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
	try {
		const [tool] = dental.tools;
		if (tool === undefined) throw new Error('The dental studio has no tool to photograph.');
		const practice = await demoPractice(edge, stateDir, tool.credits);
		const { render } = await runMainJob({
			practice,
			tool,
			photo: fromRoot('public', 'samples', 'mara.jpg'),
			outDir: join(stateDir, 'out'),
			progress: createProgress([{ id: 'order', title: 'Make a smile', expectedSeconds: 1 }], process.stderr),
		});
		const picture = await photograph(browser, edge, practice.client, `${dental.work.path}/${render.id}`);
		if (picture.length > PICTURE_BYTES_MAX)
			throw new Error(`The picture has ${picture.length} bytes, which is too many.`);
		await mkdir(dirname(PICTURE), { recursive: true });
		await writeFile(PICTURE, picture);
		process.stdout.write(`${PICTURE}\n`);
	} finally {
		await browser.close();
		await edge.close();
		await emulators.close();
		await rm(stateDir, { recursive: true, force: true });
	}
}

await main();
