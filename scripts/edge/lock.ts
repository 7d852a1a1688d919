import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_SECONDS_MAX = 240;
const POLL_MILLISECONDS = 200;

/** Whether a program of that number runs, another user's included. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

async function acquire(path: string): Promise<boolean> {
	try {
		await writeFile(path, String(process.pid), { flag: 'wx' });
		return true;
	} catch {
		const owner = Number(await readFile(path, 'utf8').catch(() => ''));
		// A builder that was killed leaves its lock behind.
		if (owner > 0 && !isRunning(owner)) await rm(path, { force: true });
		return false;
	}
}

/** Runs `work` while no other program holds the lock file at `path`. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
	await mkdir(dirname(path), { recursive: true });
	const deadline = Date.now() + WAIT_SECONDS_MAX * 1000;
	while (!(await acquire(path))) {
		if (Date.now() > deadline) throw new Error(`Another build holds ${path} for too long. Delete the file to go on.`);
		await sleep(POLL_MILLISECONDS);
	}
	try {
		return await work();
	} finally {
		await rm(path, { force: true });
	}
}
