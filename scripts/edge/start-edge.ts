import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { D1Database } from '@cloudflare/workers-types';
import { Miniflare } from 'miniflare';

import type { StudioSlug } from '../../studios/studio';
import { buildBundles } from './bundles';
import { d1Through } from './d1-door';
import { openLocalResend } from './local-resend';
import { openLocalStripe } from './local-stripe';
import { applyMigrations } from './migrate';
import { miniflareOptions, runningOf, type EdgeSettings } from './miniflare-options';
import { freePort } from './ports';
import { publicOrigins } from './public-origins';
import { devVars, localSecrets, receiptPublicKey, type Secrets } from './secrets';
import { registerAppleKey } from './sign-in-clients';
import { localVars, measuringSecrets } from './vars';
import { DEPLOYABLES } from './workers';

export interface EdgeOptions {
	studio: StudioSlug;
	/** Keeps database, bucket and secrets between starts; null for a directory that goes with the edge. */
	stateDir: string | null;
	port?: number;
	mediaPort?: number;
	/** How browsers reach the app: passkeys are made for a name, never for an address of numbers. */
	hostname?: 'localhost';
	/** Fires the jobs Worker's cron by itself; without it only `runCron` does. */
	crons?: boolean;
	/** Seconds of real time between two crons; 60 as in production. */
	everySeconds?: number;
	/** Origin of the running emulators. Without it the processors' real addresses stay in force. */
	emulators?: string;
	clockOffsetSeconds?: number;
	/** Switches on what the studio lists of trackers, at their stand-ins; without it nothing measures. */
	trackers?: boolean;
	/** What the Workers print, one entry a line. */
	log?: (entry: { level: string; message: string }) => void;
	/** Instead of, or beside, the generated ones. */
	secrets?: Secrets;
	/** Origin of a development server that renders the pages instead of the built app. */
	pagesAt?: string;
	/** Skips the build when the caller has just made it. */
	isBuilt?: boolean;
}

/** The bucket as Miniflare's types describe it: R2Bucket, with Node's streams. */
export type LocalBucket = Awaited<ReturnType<Miniflare['getR2Bucket']>>;

export interface Edge {
	readonly appOrigin: string;
	readonly mediaOrigin: string;
	/** The api Worker without the app in front of it. */
	readonly api: { fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> };
	readonly secrets: Secrets;
	readonly stateDir: string;
	/** Where the stand-ins run; undefined without them. */
	readonly emulators: string | undefined;
	/** One run of the minute cron, at the local clock; rejects when the Worker throws. */
	runCron(): Promise<void>;
	/** Restarts the Workers with their clock `hours` further on; state, ports and secrets stay. */
	moveClock(hours: number): Promise<void>;
	clockOffsetSeconds(): number;
	/** Rebuilds what changed and restarts the Workers; answers whether anything had changed. */
	reload(): Promise<boolean>;
	d1(): Promise<D1Database>;
	r2(): Promise<LocalBucket>;
	close(): Promise<void>;
}

const CRON = '* * * * *';
const CRON_SECONDS = 60;

/** One Miniflare whose clock can be moved: every change of it is a restart of the Workers with other variables. */
class RunningEdge implements Edge {
	readonly appOrigin: string;
	readonly mediaOrigin: string;
	readonly secrets: Secrets;
	readonly stateDir: string;
	readonly emulators: string | undefined;
	readonly #miniflare: Miniflare;
	readonly #settingsAt: (offsetSeconds: number) => EdgeSettings;
	#offsetSeconds: number;
	#timer: NodeJS.Timeout | undefined;
	#cronRunning: Promise<void> = Promise.resolve();
	readonly #isTemporary: boolean;

	constructor(
		miniflare: Miniflare,
		settingsAt: (offsetSeconds: number) => EdgeSettings,
		start: {
			appOrigin: string;
			mediaOrigin: string;
			offsetSeconds: number;
			stateDir: string;
			isTemporary: boolean;
			emulators: string | undefined;
		},
	) {
		this.appOrigin = start.appOrigin;
		this.mediaOrigin = start.mediaOrigin;
		this.secrets = settingsAt(0).secrets;
		this.stateDir = start.stateDir;
		this.emulators = start.emulators;
		this.#miniflare = miniflare;
		this.#settingsAt = settingsAt;
		this.#offsetSeconds = start.offsetSeconds;
		this.#isTemporary = start.isTemporary;
	}

	get api() {
		return {
			fetch: async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
				const worker = await this.#miniflare.getWorker(DEPLOYABLES.api.name);
				const { url, method, headers, body } = new Request(input, init);
				const answer = await worker.fetch(url, {
					method,
					headers: [...headers],
					body: body === null ? null : await new Response(body).arrayBuffer(),
					redirect: 'manual',
				});
				// Miniflare brings a Response class of its own; Remix and the tests know Node's. Its body is a stream of Node's,
				// under one of the two declarations that the projects of this repository know streams by.
				const stream = answer.body as ConstructorParameters<typeof Response>[0];
				return new Response(stream, { status: answer.status, headers: [...answer.headers] });
			},
		};
	}

	startCrons(everySeconds: number, onFailure: (error: unknown) => void): void {
		this.#timer = setInterval(() => {
			this.runCron().catch(onFailure);
		}, everySeconds * 1000);
	}

	/** Runs follow one another: a slow sweep is never doubled by the next minute. */
	async runCron(): Promise<void> {
		const before = this.#cronRunning;
		const run = this.#runAfter(before);
		this.#cronRunning = run.catch(() => undefined);
		await run;
	}

	async #runAfter(before: Promise<void>): Promise<void> {
		await before;
		const worker = await this.#miniflare.getWorker(DEPLOYABLES.jobs.name);
		// The world's time: the Worker adds its own offset to both clocks.
		const { outcome } = await worker.scheduled({ cron: CRON, scheduledTime: new Date() });
		if (outcome !== 'ok') throw new Error(`The cron of the jobs Worker ended with "${outcome}".`);
	}

	async moveClock(hours: number): Promise<void> {
		this.#offsetSeconds += Math.round(hours * 3600);
		await this.#restart();
	}

	async reload(): Promise<boolean> {
		const rebuilt = await buildBundles({ only: runningOf(this.#settingsAt(0)) });
		if (rebuilt.length > 0) await this.#restart();
		return rebuilt.length > 0;
	}

	async #restart(): Promise<void> {
		await this.#cronRunning;
		await this.#miniflare.setOptions(await miniflareOptions(this.#settingsAt(this.#offsetSeconds)));
		await this.#miniflare.ready;
	}

	clockOffsetSeconds(): number {
		return this.#offsetSeconds;
	}

	async d1(): Promise<D1Database> {
		if (this.#isTemporary) {
			return d1Through((body) => this.#miniflare.dispatchFetch('http://d1/', { method: 'POST', body }));
		}
		return this.#miniflare.getD1Database('DB', DEPLOYABLES.api.name);
	}

	r2(): Promise<LocalBucket> {
		return this.#miniflare.getR2Bucket('MEDIA', DEPLOYABLES.media.name);
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		await this.#cronRunning;
		await this.#miniflare.dispose();
		if (this.#isTemporary) await rm(this.stateDir, { recursive: true, force: true });
	}
}

function originOf(port: number, hostname = '127.0.0.1'): string {
	return `http://${hostname}:${port}`;
}

/**
 * Starts the whole edge on loopback: app and media on a port (an origin) of their own, api and jobs behind bindings
 * as in production. The same code serves `npm start`, the integration tests and the browser tests.
 */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
	const isTemporary = options.stateDir === null;
	const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'afterglow-')));
	// What goes with its edge is a test or a measurement, and those never speak to a real service.
	const written = isTemporary ? {} : await devVars();
	const reachedAt = options.emulators === undefined ? undefined : publicOrigins(written);
	const hasTrackers = options.trackers === true && options.emulators !== undefined;
	const measuring = hasTrackers ? measuringSecrets(options.studio) : {};
	const secrets = { ...(await localSecrets(stateDir)), ...measuring, ...written, ...options.secrets };
	const ports: EdgeSettings['ports'] = {
		app: options.pagesAt === undefined ? await freePort(options.port) : undefined,
		media: await freePort(options.mediaPort),
	};
	const localOrigin = ports.app === undefined ? (options.pagesAt ?? '') : originOf(ports.app, options.hostname);
	const { app: appOrigin, media: mediaOrigin } = reachedAt ?? {
		app: localOrigin,
		// One name for both, for they are one site: what the media host serves is for pages of the same site alone.
		media: originOf(ports.media, options.hostname),
	};
	const settingsAt = (clockOffsetSeconds: number): EdgeSettings => ({
		vars: localVars({
			studio: options.studio,
			appOrigin,
			mediaOrigin,
			receiptPublicKey: receiptPublicKey(secrets),
			clockOffsetSeconds,
			emulators: options.emulators,
			hasTrackers,
			realKeys: written,
		}),
		secrets,
		ports,
		storageDir: join(stateDir, 'storage'),
		hasDoor: isTemporary,
		onLog: options.log ?? (() => undefined),
	});
	const offsetSeconds = options.clockOffsetSeconds ?? 0;
	if (options.isBuilt !== true) await buildBundles({ only: runningOf(settingsAt(offsetSeconds)) });
	const miniflare = new Miniflare(await miniflareOptions(settingsAt(offsetSeconds)));
	await miniflare.ready;
	const { emulators } = options;
	const start = { appOrigin, mediaOrigin, offsetSeconds, stateDir, isTemporary, emulators };
	const edge = new RunningEdge(miniflare, settingsAt, start);
	await applyMigrations(await edge.d1());
	await registerAppleKey(emulators, { secrets, realKeys: written });
	await openLocalResend(emulators, { appOrigin, secrets, realKeys: written });
	await openLocalStripe(emulators, { studio: options.studio, appOrigin, secrets, realKeys: written });
	if (options.crons === true) {
		edge.startCrons(options.everySeconds ?? CRON_SECONDS, (error) => {
			options.log?.({ level: 'error', message: String(error) });
		});
	}
	return edge;
}
