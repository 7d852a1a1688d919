import { setTimeout as wait } from 'node:timers/promises';
import type { OnEvent } from '../../events';
import type { StripeEvent, WebhookEndpoint } from '../wire/stored';
import { type AttemptStatus, postWebhook, type SignatureFault } from './post-webhook';

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

/** An event on its way to an endpoint. */
export interface Job {
	readonly event: StripeEvent;
	readonly endpoint: WebhookEndpoint;
	readonly delivery: Delivery;
	/** A delivery that is signed wrongly is not tried again. */
	readonly fault: SignatureFault;
	/** Sent so many times more, at once. */
	readonly copies: number;
	readonly lateMs: number;
}

export interface Deliverer {
	start(job: Job): void;
	/** Settles when nothing is under way, retries included. */
	settled(): Promise<void>;
	reset(): void;
}

interface Parts {
	/** The secrets that sign for an endpoint. */
	readonly secretsOf: (endpoint: string) => readonly string[];
	readonly timeoutMs: () => number;
	readonly stop: AbortSignal;
	readonly onEvent: OnEvent;
}

/** First attempts go out in the order of the jobs, endpoint by endpoint; what is late or tried again holds nobody up. */
export function createDeliverer(parts: Parts): Deliverer {
	let queues = new Map<string, Promise<unknown>>();
	let resets = new AbortController();
	const underWay = new Set<Promise<void>>();
	return {
		start(job) {
			const ended = AbortSignal.any([parts.stop, resets.signal]);
			const isLate = job.lateMs > 0;
			const turn = isLate ? pause(job.lateMs, ended) : (queues.get(job.endpoint.id) ?? Promise.resolve());
			const tried = turn.then(() => tryFirst(parts, job, ended));
			if (!isLate) queues.set(job.endpoint.id, tried);
			const done = async () => {
				if (!(await tried) && job.fault === undefined) await tryAgain(parts, job, ended);
				if (job.delivery.state === 'waiting') job.delivery.state = 'failed';
			};
			const tracked = done().finally(() => underWay.delete(tracked));
			underWay.add(tracked);
		},
		async settled() {
			while (underWay.size > 0) await Promise.all(underWay);
		},
		reset() {
			resets.abort();
			resets = new AbortController();
			queues = new Map();
		},
	};
}

async function tryFirst(parts: Parts, job: Job, ended: AbortSignal): Promise<boolean> {
	if (ended.aborted) return true;
	const copies = Array.from({ length: 1 + job.copies }, () => attempt(parts, job, ended));
	return (await Promise.all(copies)).includes(true);
}

async function tryAgain(parts: Parts, job: Job, ended: AbortSignal): Promise<void> {
	for (const waitMs of RETRY_WAITS_MS) {
		await pause(waitMs, ended);
		if (ended.aborted || (await attempt(parts, job, ended))) return;
	}
}

/** Whether that was the last attempt: the receiver took it, or must not be asked. */
async function attempt(parts: Parts, { event, endpoint, delivery, fault }: Job, ended: AbortSignal): Promise<boolean> {
	const secrets = parts.secretsOf(endpoint.id);
	const status = await postWebhook({ event, endpoint, secrets, fault, timeoutMs: parts.timeoutMs(), stop: ended });
	delivery.attempts.push({ status, at: new Date().toISOString() });
	parts.onEvent({
		type: 'stripe_webhook',
		event: event.id,
		kind: event.type,
		attempt: delivery.attempts.length,
		status,
	});
	const isTaken = typeof status === 'number' && status >= 200 && status < 300;
	if (isTaken && delivery.state !== 'delivered') {
		delivery.state = 'delivered';
		event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
	}
	return isTaken || status === 'not_loopback';
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	// Being stopped ends the pause; the caller looks at the signal.
	await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
