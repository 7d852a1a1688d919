/**
 * `npm run dev`: pages from the sources with hot reloading, and the rest of the edge as in `npm start`. A changed Worker
 * is rebuilt and restarted; state and ports stay.
 */
import { createWriteStream, watch } from 'node:fs';
import { join } from 'node:path';

import { createServer } from 'vite';

import { pageServer } from './dev/page-server';
import { preferredPort } from './edge/ports';
import { startEdge } from './edge/start-edge';
import { lockState, stateDirOf } from './edge/state-lock';
import { fromRoot } from './root';
import { startEmulatorProcess } from './start/emulator-process';
import { readFlags } from './start/flags';

const PORT = 5173;
const SETTLE_MILLISECONDS = 150;
const WORKER_SOURCES = ['workers', 'schema', 'studios', 'smile'];

function report(error: unknown): void {
	console.error(error instanceof Error ? error.message : error);
}

/** Editors write a file more than once; the last write of a burst counts. */
function onWorkerChange(change: () => Promise<void>): void {
	let timer: NodeJS.Timeout | undefined;
	let running = Promise.resolve();
	for (const folder of WORKER_SOURCES) {
		watch(fromRoot(folder), { recursive: true }, () => {
			clearTimeout(timer);
			timer = setTimeout(() => {
				running = running.then(change).catch(report);
			}, SETTLE_MILLISECONDS);
		});
	}
}

async function main(): Promise<void> {
	const flags = readFlags(process.argv.slice(2));
	if (flags === 'help') {
		console.info('npm run dev -- [--studio dental|media|image] [--port N]');
		return;
	}
	const stateDir = stateDirOf(flags.studio);
	const lock = await lockState(stateDir);
	const port = flags.port ?? (await preferredPort(PORT));
	const origin = `http://127.0.0.1:${port}`;
	const emulators = await startEmulatorProcess(createWriteStream(join(stateDir, 'dev.log')));
	const edge = await startEdge({
		studio: flags.studio,
		stateDir,
		mediaPort: await preferredPort(port + 1),
		crons: true,
		emulators: emulators.origin,
		pagesAt: origin,
		log: ({ level, message }) => console.info(level, message),
	});
	const vite = await createServer({
		configFile: fromRoot('vite.config.ts'),
		server: { host: '127.0.0.1', port, strictPort: true },
		plugins: [pageServer(flags.studio, edge)],
	});
	await vite.listen();
	await lock.tell(origin);
	onWorkerChange(async () => {
		if (await edge.reload()) console.info('Workers restarted');
	});
	console.info(`\n${origin}  pages with hot reloading\n${emulators.origin}/mail  what was mailed\n`);
	const stop = async () => {
		await vite.close();
		await edge.close();
		await emulators.close();
		await lock.free();
		process.exit(0);
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

await main();
