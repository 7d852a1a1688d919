import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockState } from '../../scripts/edge/state-lock';

/** Runs for as long as this test: the program that started it. */
const OTHER_PID = process.ppid;

let stateDir: string;
beforeEach(async () => {
	stateDir = await mkdtemp(join(tmpdir(), 'afterglow-lock-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

function lockedBy(text: string): Promise<void> {
	return writeFile(join(stateDir, 'lock.json'), text);
}

test('a start says who it is and where it is reached, and leaves nothing behind', async () => {
	const lock = await lockState(stateDir);
	await lock.tell('http://127.0.0.1:8788');
	const held: unknown = JSON.parse(await readFile(join(stateDir, 'lock.json'), 'utf8'));
	expect(held).toEqual({ pid: process.pid, origin: 'http://127.0.0.1:8788' });
	await lock.free();
	await expect(readFile(join(stateDir, 'lock.json'))).rejects.toThrow('ENOENT');
});

test('a second start on the same state is told where the first one is', async () => {
	const text = JSON.stringify({ pid: OTHER_PID, origin: 'http://127.0.0.1:8788' });
	await lockedBy(text);
	const words = `Afterglow is already running on this state (pid ${OTHER_PID}, http://127.0.0.1:8788)`;
	await expect(lockState(stateDir)).rejects.toThrow(words);
	expect(await readFile(join(stateDir, 'lock.json'), 'utf8')).toBe(text);
});

test.each([
	['a program that is gone', JSON.stringify({ pid: 2 ** 30, origin: null })],
	['an earlier program of our own number', JSON.stringify({ pid: process.pid, origin: null })],
	['nobody: the file is damaged', '{"pid":'],
])('a lock of %s is taken over', async (_owner, text) => {
	await lockedBy(text);
	await lockState(stateDir);
	expect(JSON.parse(await readFile(join(stateDir, 'lock.json'), 'utf8'))).toEqual({ pid: process.pid, origin: null });
});
