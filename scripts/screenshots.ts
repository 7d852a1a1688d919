/** `npm run screenshots`: the pictures of the README, taken from the running product and never by hand. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Browser } from 'playwright-core';

import { startEmulators } from '../emulators/start-emulators';
import { dental } from '../studios/dental';
import { findChromium } from './checks/chromium';
import { startEdge, type Edge } from './edge/start-edge';
import { fromRoot } from './root';
import type { ApiClient } from './start/api-client';
import { demoPractice } from './start/demo-practice';
import { runMainJob } from './start/main-job';
import { createProgress } from './start/progress';

const OUT_DIR = fromRoot('docs', 'screenshots');
const SIZES = [
	{ name: 'wide', width: 1280, height: 900 },
	{ name: 'narrow', width: 360, height: 740 },
] as const;

async function photograph(
	browser: Browser,
	edge: Edge,
	client: ApiClient,
	pages: Record<string, string>,
): Promise<void> {
	for (const { name, width, height } of SIZES) {
		const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 2 });
		const cookies = client.cookie.split('; ').map((cookie) => {
			const at = cookie.indexOf('=');
			return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url: edge.appOrigin };
		});
		await context.addCookies(cookies);
		const page = await context.newPage();
		for (const [title, path] of Object.entries(pages)) {
			await page.goto(edge.appOrigin + path, { waitUntil: 'load' });
			await page.evaluate('document.fonts.ready');
			await page.screenshot({ path: join(OUT_DIR, `${title}-${name}.png`) });
			process.stdout.write(`docs/screenshots/${title}-${name}.png\n`);
		}
		await context.close();
	}
}

async function main(): Promise<void> {
	const executablePath = await findChromium();
	await mkdir(OUT_DIR, { recursive: true });
	const stateDir = await mkdtemp(join(tmpdir(), 'afterglow-'));
	const emulators = await startEmulators();
	const edge = await startEdge({ studio: 'dental', stateDir, emulators: emulators.origin });
	const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
	try {
		const [tool] = dental.tools;
		if (tool === undefined) throw new Error('The dental studio has no tool to photograph.');
		const practice = await demoPractice(edge.appOrigin, stateDir, tool.credits);
		const { render } = await runMainJob({
			practice,
			tool,
			photo: fromRoot('public', 'samples', 'mara.jpg'),
			outDir: join(stateDir, 'out'),
			progress: createProgress([{ id: 'order', title: 'Make a smile', expectedSeconds: 1 }], process.stderr),
		});
		await photograph(browser, edge, practice.client, {
			landing: '/',
			home: dental.work.path,
			result: `${dental.work.path}/${render.id}`,
		});
	} finally {
		await browser.close();
		await edge.close();
		await emulators.close();
		await rm(stateDir, { recursive: true, force: true });
	}
}

await main();
