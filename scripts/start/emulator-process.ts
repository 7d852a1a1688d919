import { spawn } from 'node:child_process';
import type { WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { ROOT, fromRoot } from '../root';

export interface EmulatorProcess {
	readonly origin: string;
	close(): Promise<void>;
}

const START_SECONDS_MAX = 60;
const STOP_SECONDS_MAX = 3;
const Listening = z.object({ type: z.literal('listening'), origin: z.url() });

function readListening(line: string): string | undefined {
	try {
		const event = Listening.safeParse(JSON.parse(line));
		return event.success ? event.data.origin : undefined;
	} catch {
		return undefined;
	}
}

/**
 * The stand-ins in a process of their own: drawing faces and encoding video keeps a core busy, and the Workers' doors
 * must not wait for it. Everything they print goes into `log`.
 */
export function startEmulatorProcess(log: WriteStream): Promise<EmulatorProcess> {
	const child = spawn(process.execPath, ['--import', 'tsx', fromRoot('emulators', 'main.ts'), '--port', '0'], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
	});
	// However this program ends, its child does not outlive it.
	const kill = () => child.kill('SIGKILL');
	process.once('exit', kill);
	const close = async () => {
		child.kill('SIGTERM');
		const timer = setTimeout(kill, STOP_SECONDS_MAX * 1000);
		await ended;
		clearTimeout(timer);
		process.off('exit', kill);
	};
	let complaint = '';
	child.stderr.on('data', (chunk: Buffer) => {
		complaint = (complaint + chunk.toString('utf8')).slice(-4000);
		log.write(chunk);
	});
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			kill();
			reject(new Error(`The stand-ins for the processors did not start within ${START_SECONDS_MAX} s.\n${complaint}`));
		}, START_SECONDS_MAX * 1000);
		child.once('error', reject);
		child.once('exit', (code) => {
			clearTimeout(timer);
			reject(new Error(`The stand-ins for the processors ended (${code ?? 'killed'}).\n${complaint}`));
		});
		createInterface({ input: child.stdout }).on('line', (line) => {
			log.write(`${line}\n`);
			const origin = readListening(line);
			if (origin === undefined) return;
			clearTimeout(timer);
			resolve({ origin, close });
		});
	});
}
