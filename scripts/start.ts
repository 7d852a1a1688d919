/** `npm start`: the whole edge on this machine, and the main job run through it once. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

import { STUDIOS } from '../studios/all';
import type { Studio, Tool } from '../studios/studio';
import { buildBundles } from './edge/bundles';
import { preferredPort } from './edge/ports';
import { startEdge, type Edge } from './edge/start-edge';
import { lockState, stateDirOf } from './edge/state-lock';
import { demoPractice, type DemoPractice } from './start/demo-practice';
import { startEmulatorProcess, type EmulatorProcess } from './start/emulator-process';
import { HELP, readFlags, studioNamed, type Flags } from './start/flags';
import { runMainJob, type FinishedJob } from './start/main-job';
import { emptyOutcome, outcomeOf, type Outcome } from './start/outcome';
import { createProgress, type Progress, type Step } from './start/progress';
import { sayResult, sayWelcome } from './start/say';
import { watchDeletion, type Deletion } from './start/watch-deletion';

const APP_PORT = 8788;
const BUNDLES = 4;
/** What a shell reports for Ctrl-C. */
const STOPPED_STATUS = 130;
const STARTED_MS = Number(process.env['AFTERGLOW_STARTED_MS'] ?? Date.now());

function stepsOf(tool: Tool | undefined, flags: Flags): Step[] {
	const start = [
		{ id: 'build', title: 'Build', expectedSeconds: 12 },
		{ id: 'emulators', title: 'Start the stand-ins for the processors', expectedSeconds: 3 },
		{ id: 'start', title: 'Start and migrate the edge', expectedSeconds: 2 },
	];
	if (tool === undefined) return start;
	return [
		...start,
		{ id: 'practice', title: 'Sign in the demo practice', expectedSeconds: 1 },
		{ id: 'order', title: tool.needsSource ? 'Consent, photo, order' : 'Order', expectedSeconds: 1 },
		...tool.stages.map(({ id, doing }) => ({ id, title: doing, expectedSeconds: 8 })),
		{ id: 'download', title: 'Download', expectedSeconds: 1 },
		...(flags.hours > 0
			? [{ id: 'deletion', title: `Move the clock ${flags.hours} hours, let the sweep work`, expectedSeconds: 3 }]
			: []),
	];
}

/** Everything that runs until the end, closed in reverse order, whatever happens. */
class Session {
	readonly #closers: (() => Promise<void>)[] = [];
	#closing: Promise<void> | undefined;

	keep(close: () => Promise<void>): void {
		this.#closers.unshift(close);
	}

	close(): Promise<void> {
		this.#closing ??= (async () => {
			for (const close of this.#closers) await close();
		})();
		return this.#closing;
	}
}

interface Running {
	edge: Edge;
	emulators: EmulatorProcess;
	stateDir: string;
}

async function startEverything(flags: Flags, session: Session, progress: Progress): Promise<Running> {
	const stateDir = stateDirOf(flags.studio);
	const lock = await lockState(stateDir);
	session.keep(() => lock.free());
	const log: WriteStream = createWriteStream(join(stateDir, 'edge.log'));
	let built = 0;
	progress.begin('build');
	await buildBundles({ onBuilt: () => progress.update('build', (built += 1) / BUNDLES) });
	progress.end('build');
	progress.begin('emulators');
	const emulators = await startEmulatorProcess(log);
	session.keep(() => emulators.close());
	progress.end('emulators');
	progress.begin('start');
	const port = flags.port ?? (await preferredPort(APP_PORT));
	const edge = await startEdge({
		studio: flags.studio,
		stateDir,
		port,
		mediaPort: await preferredPort(port + 1),
		hostname: 'localhost',
		crons: true,
		emulators: emulators.origin,
		trackers: flags.trackers,
		isBuilt: true,
		log: ({ level, message }) => log.write(`${level} ${message}\n`),
	});
	session.keep(() => edge.close());
	await lock.tell(edge.appOrigin);
	progress.end('start');
	return { edge, emulators, stateDir };
}

async function doMainJob(
	running: Running,
	flags: Flags,
	tool: Tool,
	progress: Progress,
): Promise<{ job: FinishedJob; practice: DemoPractice; outcome: Outcome }> {
	const { edge, stateDir } = running;
	const outDir = join(stateDir, 'out');
	progress.begin('practice');
	const practice = await demoPractice(edge, stateDir, tool.credits);
	progress.end('practice');
	const job = await runMainJob({ practice, tool, photo: flags.photo, outDir, progress });
	let deletion: Deletion = { deleted: false, receiptPath: null };
	if (flags.hours > 0 && job.render.source !== null) {
		progress.begin('deletion');
		deletion = await watchDeletion(edge, practice.client, job.render, { hours: flags.hours, outDir });
		progress.end('deletion');
	}
	return { job, practice, outcome: outcomeOf(flags.studio, job, deletion, STARTED_MS) };
}

async function run(flags: Flags, session: Session): Promise<Outcome> {
	const studio: Studio = STUDIOS[flags.studio];
	const tool = studio.tools[0];
	const progress = createProgress(stepsOf(tool, flags), process.stderr);
	// With --once stdout is for the program that reads its last line.
	const screen = flags.once ? process.stderr : process.stdout;
	try {
		const running = await startEverything(flags, session, progress);
		if (tool === undefined) {
			progress.stop();
			sayWelcome(screen, studio, running.edge.appOrigin);
			return { ...emptyOutcome(flags.studio, STARTED_MS), ok: true };
		}
		const { job, practice, outcome } = await doMainJob(running, flags, tool, progress);
		progress.stop();
		sayResult(screen, studio, {
			job,
			practice,
			outcome,
			isSample: flags.isSample,
			appOrigin: running.edge.appOrigin,
			mailPage: `${running.emulators.origin}/mail`,
		});
		return outcome;
	} finally {
		progress.stop();
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Flags that cannot be followed are a failure like any other: with --once it has the same shape on stdout. */
function refuseFlags(error: unknown): number {
	const message = messageOf(error);
	process.stderr.write(`${message}\n`);
	if (process.argv.includes('--once')) {
		process.stdout.write(
			`${JSON.stringify({ ...emptyOutcome(studioNamed(process.argv), STARTED_MS), error: message })}\n`,
		);
	}
	return 1;
}

async function main(): Promise<number> {
	let flags: Flags | 'help';
	try {
		flags = readFlags(process.argv.slice(2));
	} catch (error) {
		return refuseFlags(error);
	}
	if (flags === 'help') {
		process.stdout.write(HELP);
		return 0;
	}
	const session = new Session();
	const stopped = new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
	});
	const finished = run(flags, session).catch((error: unknown) => ({
		...emptyOutcome(flags.studio, STARTED_MS),
		error: messageOf(error),
	}));
	const outcome = await Promise.race([finished, stopped]);
	if (outcome?.ok === true && !flags.once) {
		process.stdout.write('\nServing until Ctrl-C\n');
		await stopped;
	}
	await session.close();
	if (outcome === undefined) {
		const stop = { ...emptyOutcome(flags.studio, STARTED_MS), error: 'It was stopped before the job was done.' };
		if (flags.once) process.stdout.write(`${JSON.stringify(stop)}\n`);
		return STOPPED_STATUS;
	}
	if (flags.once) process.stdout.write(`${JSON.stringify(outcome)}\n`);
	else if (!outcome.ok) process.stderr.write(`${outcome.error ?? 'The render did not succeed.'}\n`);
	return outcome.ok ? 0 : 1;
}

const status = await main().catch((error: unknown) => {
	process.stderr.write(`${messageOf(error)}\n`);
	return 1;
});
// A start that was stopped half-way leaves work under way; once the last line is out, nothing is worth waiting for.
process.stdout.write('', () => process.exit(status));
