import { spawn } from 'node:child_process';

import { CONNECTIONS } from '../load';

/** The scripts deal orders out to so many. */
export const THREADS = 2;
/** wrk ends by itself; a hung one is stopped this long after. */
const GRACE_MS = 30_000;

const MISSING =
	'wrk is not installed, and this bench needs it. On Debian or Ubuntu: apt-get install wrk; on macOS: brew install wrk.';

/** Loads an address with wrk and one of the scripts here, at the connections of every bench. Throws a sentence without wrk. */
export async function runWrk(
	url: string,
	{ script, args, seconds }: { script: string; args: readonly string[]; seconds: number },
): Promise<void> {
	const flags = [`-t${THREADS}`, `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '30s', '-s', script];
	await run([...flags, url, '--', ...args], seconds * 1000 + GRACE_MS);
}

export async function requireWrk(): Promise<void> {
	await run(['--version'], GRACE_MS);
}

function run(args: readonly string[], timeout: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn('wrk', args, { stdio: ['ignore', 'ignore', 'inherit'], timeout });
		child.once('error', (cause) => {
			const isMissing = 'code' in cause && cause.code === 'ENOENT';
			reject(isMissing ? new Error(MISSING, { cause }) : cause);
		});
		child.once('exit', (code) => {
			// Asked for its version, wrk answers it and 1.
			if (code === 0 || args[0] === '--version') resolve();
			else reject(new Error(`wrk ended with ${code ?? 'a signal'}.`));
		});
	});
}
