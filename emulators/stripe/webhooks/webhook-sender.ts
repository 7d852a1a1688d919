import { setTimeout as wait } from 'node:timers/promises';
import type { OnEvent } from '../../events';
import type { Store } from '../store';
import type { StripeEvent, WebhookEndpoint } from '../wire/stored';
import { type AttemptStatus, postWebhook, type SignatureFault } from './post-webhook';
import { changedSwitches, shuffled, WebhookSwitches, type WebhookSwitchesInput } from './webhook-switches';

/** Stripe tries for three days; the same in small, so that a test sees both the retry and its end. */
const RETRY_WAITS_MS = [200, 600, 1500, 3000];

/** What became of one event at one endpoint. */
export interface Delivery {
	readonly event: string;
	readonly type: string;
	readonly endpoint: string;
	state: 'waiting' | 'held' | 'lost' | 'delivered' | 'failed';
	readonly attempts: { status: AttemptStatus; at: string }[];
}

export interface WebhookSender {
	/** Delivers the event to every endpoint that wants it, as the switches have it. */
	send(event: StripeEvent): void;
	/** Delivers it again, whatever the switches. */
	resend(event: StripeEvent): void;
	/** Delivers what is held or was lost. */
	release(): void;
	set(change: WebhookSwitchesInput): WebhookSwitches;
	deliveries(): Delivery[];
	/** Settles when nothing is under way, retries included; what is held or lost does not count. */
	settled(): Promise<void>;
	reset(): void;
}

interface Parts {
	readonly store: Store;
	/** The secrets that sign for an endpoint. */
	readonly secretsOf: (endpoint: string) => readonly string[];
	readonly stop: AbortSignal;
	readonly onEvent: OnEvent;
}

interface Job {
	readonly event: StripeEvent;
	readonly endpoint: WebhookEndpoint;
	readonly delivery: Delivery;
	readonly fault: SignatureFault;
	readonly copies: number;
	readonly lateMs: number;
}

export function createWebhookSender({ store, secretsOf, stop, onEvent }: Parts): WebhookSender {
	let switches = WebhookSwitches.parse({});
	let all: Delivery[] = [];
	let kept: Job[] = [];
	let heldEvents = new Set<string>();
	/** First attempts go out in the order of the events, endpoint by endpoint; a retry holds nobody up. */
	let queues = new Map<string, Promise<unknown>>();
	let resets = new AbortController();
	const underWay = new Set<Promise<void>>();

	async function attempt({ event, endpoint, delivery, fault }: Job, ended: AbortSignal): Promise<boolean> {
		const secrets = secretsOf(endpoint.id);
		const status = await postWebhook({ event, endpoint, secrets, fault, timeoutMs: switches.timeoutMs, stop: ended });
		delivery.attempts.push({ status, at: new Date().toISOString() });
		onEvent({ type: 'stripe_webhook', event: event.id, kind: event.type, attempt: delivery.attempts.length, status });
		const isTaken = typeof status === 'number' && status >= 200 && status < 300;
		if (isTaken && delivery.state !== 'delivered') {
			delivery.state = 'delivered';
			event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
		}
		return isTaken || status === 'not_loopback';
	}

	async function retry(job: Job, ended: AbortSignal): Promise<void> {
		for (const waitMs of RETRY_WAITS_MS) {
			await pause(waitMs, ended);
			if (ended.aborted) return;
			if (await attempt(job, ended)) return;
		}
	}

	function start(job: Job): void {
		const ended = AbortSignal.any([stop, resets.signal]);
		const copies = Array.from({ length: 1 + job.copies }, () => job);
		const first = async () => Promise.all(copies.map((copy) => attempt(copy, ended)));
		const turn = job.lateMs > 0 ? pause(job.lateMs, ended) : (queues.get(job.endpoint.id) ?? Promise.resolve());
		const tried = turn.then(() => (ended.aborted ? [true] : first()));
		if (job.lateMs === 0) queues.set(job.endpoint.id, tried);
		const done = async () => {
			const taken = await tried;
			if (!taken.includes(true) && job.fault === undefined) await retry(job, ended);
			if (job.delivery.state === 'waiting') job.delivery.state = 'failed';
		};
		const tracked = done().finally(() => underWay.delete(tracked));
		underWay.add(tracked);
	}

	function jobsOf(event: StripeEvent, isPlain: boolean): Job[] {
		const wanting = [...store.webhookEndpoints.values()].filter((endpoint) => wants(endpoint, event.type));
		event.pending_webhooks = wanting.length;
		return wanting.map((endpoint): Job => {
			const delivery = deliveryOf(event, endpoint);
			if (isPlain) return { event, endpoint, delivery, fault: undefined, copies: 0, lateMs: 0 };
			const { duplicate, lateMs } = switches;
			return { event, endpoint, delivery, fault: takeFault(), copies: duplicate, lateMs };
		});
	}

	function deliveryOf({ id, type }: StripeEvent, { id: endpoint }: WebhookEndpoint): Delivery {
		const earlier = all.find((one) => one.event === id && one.endpoint === endpoint);
		kept = kept.filter(({ delivery }) => delivery !== earlier);
		if (earlier) return Object.assign(earlier, { state: 'waiting' });
		const delivery: Delivery = { event: id, type, endpoint, state: 'waiting', attempts: [] };
		all.push(delivery);
		return delivery;
	}

	function takeFault(): SignatureFault {
		if (switches.forge > 0) {
			switches = { ...switches, forge: switches.forge - 1 };
			return 'forged';
		}
		if (switches.stale === 0) return undefined;
		switches = { ...switches, stale: switches.stale - 1 };
		return 'stale';
	}

	function keep(jobs: readonly Job[], state: 'held' | 'lost'): void {
		for (const job of jobs) job.delivery.state = state;
		kept.push(...jobs);
	}

	function startKept(order: (jobs: Job[]) => Job[]): void {
		const jobs = order(kept);
		[kept, heldEvents] = [[], new Set()];
		for (const job of jobs) {
			job.delivery.state = 'waiting';
			start(job);
		}
	}

	return {
		send(event) {
			const isPlain = switches.types !== null && !switches.types.includes(event.type);
			const jobs = jobsOf(event, isPlain);
			if (isPlain) return jobs.forEach(start);
			const { hold, lose } = switches;
			if (lose === 'all' || lose > 0) {
				if (lose !== 'all') switches = { ...switches, lose: lose - 1 };
				return keep(jobs, 'lost');
			}
			if (!hold) return jobs.forEach(start);
			keep(jobs, 'held');
			heldEvents.add(event.id);
			if (heldEvents.size >= hold.count) startKept((waiting) => shuffled(waiting, hold.seed));
		},
		resend: (event) => jobsOf(event, true).forEach(start),
		release: () => startKept((jobs) => jobs),
		set(change) {
			switches = changedSwitches(switches, change);
			return switches;
		},
		deliveries: () => structuredClone(all),
		async settled() {
			while (underWay.size > 0) await Promise.all(underWay);
		},
		reset() {
			resets.abort();
			resets = new AbortController();
			switches = WebhookSwitches.parse({});
			[all, kept, heldEvents, queues] = [[], [], new Set(), new Map()];
		},
	};
}

function wants({ enabled_events: enabled, status }: WebhookEndpoint, type: string): boolean {
	return status === 'enabled' && (enabled.includes('*') || enabled.includes(type));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	// Being stopped ends the pause; the caller looks at the signal.
	await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
