import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';
import { lockState } from '../../scripts/edge/state-lock';

const Outcome = z.strictObject({
	ok: z.boolean(),
	studio: z.string(),
	renderId: z.string().nullable(),
	state: z.string().nullable(),
	video: z
		.strictObject({ path: z.string(), bytes: z.int(), width: z.int(), height: z.int(), seconds: z.number() })
		.nullable(),
	after: z.strictObject({ path: z.string() }).nullable(),
	credits: z.strictObject({ before: z.int(), held: z.int(), charged: z.int(), after: z.int() }).nullable(),
	source: z.strictObject({ deleted: z.boolean(), receiptPath: z.string().nullable() }),
	elapsedSeconds: z.number().positive(),
	error: z.string().optional(),
});

let home: string;
beforeAll(async () => {
	home = await mkdtemp(join(tmpdir(), 'afterglow-home-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** `npm start` without npm, on a state of its own: the status, and the last line on stdout read strictly, so that a key more or less is seen. */
function start(...args: string[]): Promise<{ status: number; outcome: z.infer<typeof Outcome>; printed: string }> {
	return new Promise((resolve, reject) => {
		const command = [fromRoot('scripts', 'run.mjs'), 'start', '--once', ...args];
		execFile(
			process.execPath,
			command,
			{ timeout: 110_000, env: { ...process.env, AFTERGLOW_HOME: home } },
			(error, stdout, stderr) => {
				const status = error === null ? 0 : Number(error.code ?? -1);
				try {
					const last = stdout.trimEnd().split('\n').at(-1) ?? '';
					resolve({ status, outcome: Outcome.parse(JSON.parse(last)), printed: stderr });
				} catch {
					reject(new Error(`No outcome on stdout (status ${status}).\n${stdout}\n${stderr}`));
				}
			},
		);
	});
}

test('one start makes the video, takes the credits once, and 25 hours later the photo is deleted with a receipt', async () => {
	const { status, outcome } = await start('--hours', '25');

	expect(outcome).toMatchObject({
		ok: true,
		studio: 'dental',
		state: 'succeeded',
		video: { width: 720, height: 1280, seconds: 5, path: expect.stringMatching(/\.mp4$/) },
		after: { path: expect.stringMatching(/\.(?:png|jpe?g)$/) },
		source: { deleted: true, receiptPath: expect.stringMatching(/receipt\.json$/) },
	});
	expect(outcome).not.toHaveProperty('error');
	expect(outcome.credits?.charged).toBe(outcome.credits?.held);
	expect(outcome.credits?.after).toBe((outcome.credits?.before ?? 0) - (outcome.credits?.held ?? 0));
	expect(status).toBe(0);
});

test('a photo with a closed mouth fails with the same shape, costs nothing, and the status says so', async () => {
	const { status, outcome } = await start('--photo', fromRoot('test', 'fixtures', 'patients', 'closed.png'));

	expect(outcome).toMatchObject({ ok: false, studio: 'dental', state: 'failed', video: null });
	expect(outcome.error).toMatch(/\w+.*\.$/);
	expect(outcome.credits).toMatchObject({ charged: 0, after: outcome.credits?.before });
	expect(status).toBe(1);
});

test('the image studio makes a picture, and has no photo to delete', async () => {
	const { status, outcome } = await start('--studio', 'image');

	expect(outcome).toMatchObject({ ok: true, studio: 'image', state: 'succeeded', video: null });
	expect(outcome.after?.path).toMatch(/\.(?:png|jpe?g|webp)$/);
	expect(outcome.source).toEqual({ deleted: false, receiptPath: null });
	expect(status).toBe(0);
});

test('flags that cannot be followed fail with the same shape and name the studio', async () => {
	const { status, outcome } = await start('--studio', 'image', '--hours', 'soon');
	expect(outcome).toMatchObject({ ok: false, studio: 'image', renderId: null, error: expect.stringContaining('soon') });
	expect(status).toBe(1);
});

test('a state that another start works on is left alone', async () => {
	const lock = await lockState(join(home, '.afterglow', 'media'));
	await lock.tell('http://127.0.0.1:1');
	const { status, outcome } = await start('--studio', 'media');
	await lock.free();
	expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining('http://127.0.0.1:1') });
	expect(status).toBe(1);
});
