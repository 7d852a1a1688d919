import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { balanceOf } from '../../scripts/start/demo-practice';
import { runMainJob } from '../../scripts/start/main-job';
import { watchDeletion } from '../../scripts/start/watch-deletion';
import type { Progress } from '../../scripts/start/progress';
import { dental } from '../../studios/dental';
import type { Tool } from '../../studios/studio';
import { startTestEdge, type TestEdge } from './support/start-test-edge';

const silent: Progress = {
	begin: () => undefined,
	update: () => undefined,
	end: () => undefined,
	stop: () => undefined,
};

let it: TestEdge;
let outDir: string;
beforeAll(async () => {
	it = await startTestEdge();
	outDir = await mkdtemp(join(tmpdir(), 'afterglow-out-'));
});
afterAll(async () => {
	await it.close();
	await rm(outDir, { recursive: true, force: true });
});

function smileVideo(): Tool {
	const tool = dental.tools.find(({ id }) => id === 'smile.video');
	if (tool === undefined) throw new Error('the dental studio has no smile video');
	return tool;
}

test('a consented photo becomes a video, is paid for once, and is gone with a receipt a day later', async () => {
	const client = await it.signUp();
	const practice = { client, email: '', password: '', credits: await balanceOf(client) };
	const tool = smileVideo();

	const job = await runMainJob({
		practice,
		tool,
		photo: fromRoot('public', 'samples', 'mara.jpg'),
		outDir,
		progress: silent,
	});

	expect(job.render.state).toBe('succeeded');
	expect(job.files['video']).toMatchObject({ width: 720, height: 1280, seconds: 5 });
	expect(job.credits).toEqual({
		before: dental.welcomeCredits,
		held: tool.credits,
		charged: tool.credits,
		after: dental.welcomeCredits - tool.credits,
	});
	const bucket = await it.edge.r2();
	const before = (await bucket.list()).objects.map(({ key }) => key);
	expect(before.filter((key) => key.startsWith('src/'))).toHaveLength(1);

	const early = await watchDeletion(it.edge, client, job.render, { hours: 23, outDir });
	expect(early).toEqual({ deleted: false, receiptPath: null });

	const late = await watchDeletion(it.edge, client, job.render, { hours: 2, outDir });
	expect(late.deleted).toBe(true);
	const receiptPath = late.receiptPath ?? '';
	const verifier = [
		fromRoot('scripts', 'verify-receipt.mjs'),
		receiptPath,
		'--key',
		join(dirname(receiptPath), 'keys.json'),
	];
	expect(spawnSync(process.execPath, verifier, { encoding: 'utf8' })).toMatchObject({ status: 0 });
	const after = (await (await it.edge.r2()).list()).objects.map(({ key }) => key);
	expect(after).toEqual(before.filter((key) => !key.startsWith('src/')));
	expect(it.errors).toEqual([]);
});

test('the media host is another origin than the app, and neither serves what the other does', async () => {
	expect(new URL(it.edge.mediaOrigin).origin).not.toBe(new URL(it.edge.appOrigin).origin);
	const health = await fetch(`${it.edge.appOrigin}/healthz`);
	expect(await health.json()).toMatchObject({ ok: true, studio: 'dental' });
	expect((await fetch(`${it.edge.mediaOrigin}/healthz`)).status).not.toBe(200);
});

test('the function of the Pages project is not served as a file', async () => {
	const answer = await fetch(`${it.edge.appOrigin}/_worker.js/index.js`);
	expect(answer.status).toBe(404);
});
