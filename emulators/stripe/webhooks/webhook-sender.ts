import type { OnEvent } from '../../events';
import type { Store } from '../store';
import type { StripeEvent, WebhookEndpoint } from '../wire/stored';
import { createDeliverer, type Delivery, type Job } from './delivery';
import type { SignatureFault } from './post-webhook';
import { changedSwitches, shuffled, spendFault, WebhookSwitches, type WebhookSwitchesInput } from './webhook-switches';

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

export function createWebhookSender({ store, ...parts }: Parts): WebhookSender {
	let switches = WebhookSwitches.parse({});
	let all: Delivery[] = [];
	let kept: Job[] = [];
	const deliverer = createDeliverer({ ...parts, timeoutMs: () => switches.timeoutMs });

	/** One job for each endpoint that wants the event. A delivery that was there before goes on. */
	function jobsOf(event: StripeEvent): Job[] {
		const wanting = [...store.webhookEndpoints.values()].filter((endpoint) => wants(endpoint, event.type));
		event.pending_webhooks = wanting.length;
		return wanting.map((endpoint): Job => {
			const earlier = all.find((one) => one.event === event.id && one.endpoint === endpoint.id);
			kept = kept.filter(({ delivery }) => delivery !== earlier);
			const delivery = earlier ?? newDelivery(event, endpoint);
			delivery.state = 'waiting';
			if (!earlier) all.push(delivery);
			return { event, endpoint, delivery, fault: undefined, copies: 0, lateMs: 0 };
		});
	}

	function takeFault(): SignatureFault {
		const { fault, left } = spendFault(switches);
		switches = left;
		return fault;
	}

	function keep(jobs: readonly Job[], state: 'held' | 'lost'): void {
		for (const { delivery } of jobs) delivery.state = state;
		kept.push(...jobs);
	}

	function startKept(jobs: readonly Job[]): void {
		kept = kept.filter((job) => !jobs.includes(job));
		for (const job of jobs) {
			job.delivery.state = 'waiting';
			deliverer.start(job);
		}
	}

	return {
		send(event) {
			const plain = jobsOf(event);
			const { duplicate, hold, lateMs, lose, types } = switches;
			if (types !== null && !types.includes(event.type)) return plain.forEach((job) => deliverer.start(job));
			const jobs = plain.map((job): Job => ({ ...job, fault: takeFault(), copies: duplicate, lateMs }));
			if (lose === 'all' || lose > 0) {
				if (lose !== 'all') switches = { ...switches, lose: lose - 1 };
				return keep(jobs, 'lost');
			}
			if (!hold) return jobs.forEach((job) => deliverer.start(job));
			keep(jobs, 'held');
			const held = kept.filter(({ delivery }) => delivery.state === 'held');
			const isFull = new Set(held.map((job) => job.event.id)).size >= hold.count;
			if (isFull) startKept(shuffled(held, hold.seed));
		},
		resend: (event) => jobsOf(event).forEach((job) => deliverer.start(job)),
		release: () => startKept(kept),
		set(change) {
			switches = changedSwitches(switches, change);
			return switches;
		},
		deliveries: () => structuredClone(all),
		settled: () => deliverer.settled(),
		reset() {
			deliverer.reset();
			switches = WebhookSwitches.parse({});
			[all, kept] = [[], []];
		},
	};
}

function newDelivery({ id, type }: StripeEvent, { id: endpoint }: WebhookEndpoint): Delivery {
	return { event: id, type, endpoint, state: 'waiting', attempts: [] };
}

function wants({ enabled_events: enabled, status }: WebhookEndpoint, type: string): boolean {
	return status === 'enabled' && (enabled.includes('*') || enabled.includes(type));
}
