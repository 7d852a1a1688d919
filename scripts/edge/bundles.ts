import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { claimDefine, readClaimResults } from '../checks/claim-results';
import { runTool } from '../run-tool';
import { ROOT, fromRoot } from '../root';
import { withLock } from './lock';
import { DEPLOYABLES, DEPLOYABLE_IDS, type Deployable } from './workers';

/** Where each bundle lies: the Pages one inside the folder that Pages uploads. Remix empties `build/` at each build. */
export const BUNDLE_DIRS: Record<Deployable, string> = {
	app: 'build/client/_worker.js',
	api: 'dist/api',
	media: 'dist/media',
	jobs: 'dist/jobs',
};

/** What a bundle is made of. A folder too many costs a rebuild; one too few would run stale code. */
const WORKER_SOURCES = ['workers/core', 'schema', 'studios', 'smile', 'package-lock.json'];
const SOURCES: Record<Deployable, readonly string[]> = {
	app: [
		'app',
		'public',
		'studios',
		'smile',
		'vite.config.ts',
		'wrangler.toml',
		'package-lock.json',
		'tsconfig.base.json',
	],
	api: ['workers/api', ...WORKER_SOURCES],
	media: ['workers/media', ...WORKER_SOURCES],
	jobs: ['workers/jobs', ...WORKER_SOURCES],
};

async function filesUnder(path: string): Promise<string[]> {
	if (!existsSync(path)) return [];
	const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
	if (entries === undefined) return [path];
	return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function hashOf(deployable: Deployable): Promise<string> {
	const hash = createHash('sha256');
	for (const source of SOURCES[deployable]) {
		for (const file of (await filesUnder(fromRoot(source))).toSorted()) {
			hash
				.update(relative(ROOT, file))
				.update('\0')
				.update(await readFile(file))
				.update('\0');
		}
	}
	hash.update(definesOf(deployable).join('\0'));
	return hash.digest('hex');
}

async function buildApp(): Promise<void> {
	await runTool('@remix-run/dev', 'remix', ['vite:build']);
	await runTool('wrangler', 'wrangler', ['pages', 'functions', 'build', 'app/pages', '--outdir', BUNDLE_DIRS.app]);
}

/** What a bundle is told at its build: the api, what became of each claim. */
export function definesOf(deployable: Deployable): string[] {
	return deployable === 'api' ? ['--define', claimDefine(readClaimResults())] : [];
}

async function buildWorker(deployable: Deployable): Promise<void> {
	const outdir = BUNDLE_DIRS[deployable];
	await rm(fromRoot(outdir), { recursive: true, force: true });
	await runTool('wrangler', 'wrangler', [
		'deploy',
		'--dry-run',
		...definesOf(deployable),
		'--config',
		DEPLOYABLES[deployable].config,
		'--outdir',
		fromRoot(outdir),
	]);
}

async function buildOne(deployable: Deployable): Promise<boolean> {
	const stamp = fromRoot('dist', 'stamps', deployable);
	const hash = await hashOf(deployable);
	const built = await readFile(stamp, 'utf8').catch(() => '');
	if (built === hash && existsSync(fromRoot(BUNDLE_DIRS[deployable], 'index.js'))) return false;
	await rm(stamp, { force: true });
	await (deployable === 'app' ? buildApp() : buildWorker(deployable));
	await mkdir(fromRoot('dist', 'stamps'), { recursive: true });
	await writeFile(stamp, hash);
	return true;
}

/**
 * Builds what changed since the last build, with the tools that deploy it; answers what was rebuilt. Safe to call
 * from two programs at once: the second waits and finds everything built.
 */
export async function buildBundles(
	options: { only?: readonly Deployable[]; onBuilt?: (deployable: Deployable) => void } = {},
): Promise<Deployable[]> {
	return withLock(fromRoot('dist', 'lock'), async () => {
		const rebuilt: Deployable[] = [];
		const build = async (deployable: Deployable) => {
			if (await buildOne(deployable)) rebuilt.push(deployable);
			options.onBuilt?.(deployable);
		};
		const wanted = options.only ?? DEPLOYABLE_IDS;
		const workers = wanted.filter((deployable) => deployable !== 'app');
		// The page's build keeps one core busy; the small Workers follow one another on the other one.
		const pages = wanted.includes('app') ? build('app') : Promise.resolve();
		const rest = (async () => {
			for (const deployable of workers) await build(deployable);
		})();
		const results = await Promise.allSettled([pages, rest]);
		for (const result of results) if (result.status === 'rejected') throw result.reason;
		return rebuilt;
	});
}
