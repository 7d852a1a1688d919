import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { ROOT, fromRoot } from './root';

const require = createRequire(fromRoot('package.json'));
const Manifest = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]) });

/** The JavaScript file behind an installed package's command; started with this Node, no shell and no shim. */
export function toolPath(packageName: string, command: string): string {
	const manifestPath = join(ROOT, 'node_modules', packageName, 'package.json');
	const { bin } = Manifest.parse(require(manifestPath));
	const file = typeof bin === 'string' ? bin : bin[command];
	if (file === undefined) throw new Error(`The package ${packageName} has no command ${command}.`);
	return join(dirname(manifestPath), file);
}

/** No update check, no metrics, no colour: what a build prints stays on this machine and readable. */
export const QUIET_ENV = {
	WRANGLER_SEND_METRICS: 'false',
	WRANGLER_HIDE_BANNER: 'true',
	CLOUDFLARE_CF_FETCH_ENABLED: 'false',
	DO_NOT_TRACK: '1',
	WRANGLER_LOG_PATH: fromRoot('.wrangler', 'logs'),
} as const;

/** Runs an installed tool to its end; its output is kept and shown only when it fails. Answers that output. */
export function runTool(packageName: string, command: string, args: readonly string[]): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [toolPath(packageName, command), ...args], {
			cwd: ROOT,
			env: { ...process.env, ...QUIET_ENV, NO_COLOR: '1', NODE_ENV: 'production' },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		const keep = (chunk: Buffer) => {
			output += chunk.toString('utf8');
		};
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		child.once('error', reject);
		child.once('exit', (code) => {
			if (code === 0) resolve(output);
			else
				reject(new Error(`${command} ${args.slice(0, 3).join(' ')} failed (${code ?? 'killed'}):\n${output.trim()}`));
		});
	});
}
