import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { convertV4MiniflareOptions, type MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions, type Unstable_Config } from 'wrangler';

import { ROOT, fromRoot } from '../root';
import { BUNDLE_DIRS } from './bundles';
import { DOOR, DOOR_SCRIPT } from './d1-door';
import type { Secrets } from './secrets';
import type { LocalVarsOfEdge } from './vars';
import { DEPLOYABLES, DEPLOYABLE_IDS, OPTIONAL_SECRETS, readWranglerConfig, type Deployable } from './workers';

/** What one start of the edge differs in from production; everything else comes from the `wrangler.toml` files. */
export interface EdgeSettings {
	vars: LocalVarsOfEdge;
	/** Every secret of the studio; each Worker gets those that it is listed with. */
	secrets: Secrets;
	/** Without a port for the app its pages are served by a program of their own. */
	ports: { app: number | undefined; media: number };
	storageDir: string;
	/** Whether whoever started it reads and writes the database beside the Workers: tests do, and nobody reaches it otherwise. */
	hasDoor: boolean;
	onLog: (entry: { level: string; message: string }) => void;
}

const MODULE_TYPES: Record<string, 'ESModule' | 'CompiledWasm' | 'Text' | 'Data'> = {
	js: 'ESModule',
	mjs: 'ESModule',
	wasm: 'CompiledWasm',
	txt: 'Text',
	html: 'Text',
	sql: 'Text',
	bin: 'Data',
};

/** Every module of a built bundle, the entry first, so that the runtime need not parse megabytes to find them. */
async function modulesOf(deployable: Deployable) {
	const directory = fromRoot(BUNDLE_DIRS[deployable]);
	const files = (await readdir(directory)).toSorted((a, b) => Number(b === 'index.js') - Number(a === 'index.js'));
	return files.flatMap((file) => {
		const type = MODULE_TYPES[file.split('.').at(-1) ?? ''];
		return type === undefined ? [] : [{ type, path: join(directory, file) }];
	});
}

/** Pages gives its functions the static files around them; a Worker's config is where wrangler looks for that. */
function withPagesAssets(config: Unstable_Config): Unstable_Config {
	return {
		...config,
		main: fromRoot(BUNDLE_DIRS.app, 'index.js'),
		assets: { directory: fromRoot('build', 'client'), binding: 'ASSETS' },
	};
}

async function workerOptions(deployable: Deployable, settings: EdgeSettings) {
	const config = readWranglerConfig(deployable);
	const { workerOptions: configured } = unstable_getMiniflareWorkerOptions(
		deployable === 'app' ? withPagesAssets(config) : config,
	);
	const secrets = Object.fromEntries(
		DEPLOYABLES[deployable].secrets.flatMap((name) => {
			const value = settings.secrets[name];
			if (value !== undefined) return [[name, value]];
			if (OPTIONAL_SECRETS.includes(name)) return [];
			throw new Error(`The secret ${name} of ${deployable} is missing.`);
		}),
	);
	const replaced = Object.fromEntries(Object.entries(settings.vars.replaced).filter(([name]) => name in config.vars));
	const port = deployable === 'app' || deployable === 'media' ? settings.ports[deployable] : undefined;
	return {
		...configured,
		name: DEPLOYABLES[deployable].name,
		rootPath: ROOT,
		modulesRoot: fromRoot(BUNDLE_DIRS[deployable]),
		modules: await modulesOf(deployable),
		// Not the `bindings` of above: wrangler mixes a `.dev.vars` beside the config into them, past the list of secrets.
		bindings: { ...config.vars, ...replaced, ...settings.vars.added[deployable], ...secrets },
		...(port === undefined ? {} : { unsafeDirectSockets: [{ host: '127.0.0.1', port }] }),
	};
}

/** The Workers that one edge runs: all four, or three beside a development server. */
export function runningOf({ ports }: Pick<EdgeSettings, 'ports'>): readonly Deployable[] {
	return DEPLOYABLE_IDS.filter((deployable) => deployable !== 'app' || ports.app !== undefined);
}

/** Beside the api, with the databases that it has. */
function doorWorker() {
	const { compatibility_date: compatibilityDate, d1_databases: databases } = readWranglerConfig('api');
	return {
		name: DOOR,
		compatibilityDate: compatibilityDate ?? '',
		modules: [{ type: 'ESModule' as const, path: 'door.js', contents: DOOR_SCRIPT }],
		d1Databases: Object.fromEntries(databases.map(({ binding, database_id: id }) => [binding, id ?? binding])),
	};
}

/** One Miniflare with all four Workers, as configured. It speaks to nothing but loopback by itself. */
export async function miniflareOptions(settings: EdgeSettings): Promise<MiniflareOptions> {
	const deployed = await Promise.all(runningOf(settings).map((deployable) => workerOptions(deployable, settings)));
	// The first, for that is whom `dispatchFetch` asks.
	const workers = settings.hasDoor ? [doorWorker(), ...deployed] : deployed;
	return convertV4MiniflareOptions({
		host: '127.0.0.1',
		port: 0,
		cf: false,
		telemetry: { enabled: false },
		resourcePersistencePath: settings.storageDir,
		handleStructuredLogs: settings.onLog,
		workers,
	});
}
