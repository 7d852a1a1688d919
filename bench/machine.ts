import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

import { z } from 'zod';

import { ROOT, fromRoot } from '../scripts/root';

const Manifest = z.object({ version: z.string() });
const git = promisify(execFile);

async function versionOf(packageName: string): Promise<string> {
	const path = fromRoot('node_modules', packageName, 'package.json');
	return Manifest.parse(JSON.parse(await readFile(path, 'utf8'))).version;
}

/** The commit, and whether files differ from it; a copy without git has none. */
async function commit(): Promise<string> {
	try {
		const head = await git('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT });
		const changed = await git('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: ROOT });
		return changed.stdout === '' ? head.stdout.trim() : `${head.stdout.trim()} with changes`;
	} catch {
		return 'none';
	}
}

/**
 * Where and on what the figures are measured: without it they say nothing. Begun before the first and called after the last, since
 * a long run's sources may be changed under it and its load shows in the end.
 */
export async function beginDescription(): Promise<() => string> {
	const gibibytes = Math.round(totalmem() / 2 ** 30);
	// A container may be given fewer cores than the machine has.
	const cores = `${availableParallelism()} of ${cpus().length} cores`;
	const runtimes = `workerd ${await versionOf('workerd')}, Miniflare ${await versionOf('miniflare')}`;
	const measured = await commit();
	return () => {
		const [load = 0] = loadavg();
		return [
			`machine   ${cpus()[0]?.model ?? 'unknown processor'}, ${cores}, ${gibibytes} GiB, ${process.platform}`,
			`load      ${load.toFixed(1)} at the end, this run included`,
			`runtime   Node ${process.version}, ${runtimes}`,
			`commit    ${measured}`,
			`date      ${new Date().toISOString().slice(0, 10)}`,
		].join('\n');
	};
}
