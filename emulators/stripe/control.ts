import { z } from 'zod';
import { advanceClock } from './billing/advance-clock';
import { settleSession } from './checkout/complete-session';
import { DISPUTE_STATUSES, DisputeOrder, openDispute, setDisputeStatus } from './payments/disputes';
import { settleBankDebit } from './payments/payment-intents';
import { settleRefund } from './payments/refunds';
import { found } from './store';
import { StripeRefusal } from './wire/errors';
import type { Failures, StripeFailureInput } from './wire/failures';
import type { LoggedRequest, RequestLog } from './wire/request-log';
import type { Dispute, Refund, StripeEvent, WebhookEndpoint } from './wire/stored';
import { addEndpoint, type EndpointSecrets } from './webhooks/webhook-endpoints';
import type { Delivery } from './webhooks/delivery';
import type { WebhookSender } from './webhooks/webhook-sender';
import type { WebhookSwitches, WebhookSwitchesInput } from './webhooks/webhook-switches';
import { Settings, type World } from './world';

export const EndpointInput = z.strictObject({
	url: z.url(),
	secret: z.string().startsWith('whsec_'),
	enabledEvents: z.array(z.string()).min(1).default(['*']),
});
export const SecretRoll = z.strictObject({
	/** All endpoints when absent. */
	endpoint: z.string().optional(),
	secret: z.string().startsWith('whsec_').optional(),
	keepOld: z.boolean().default(true),
});
export const ClockMove = z.union([z.strictObject({ seconds: z.int().min(0) }), z.strictObject({ to: z.int() })]);
export const DebitOutcome = z.strictObject({ session: z.string(), outcome: z.enum(['succeeded', 'failed']) });
export const RefundOutcome = z.strictObject({ refund: z.string(), status: z.enum(['succeeded', 'failed']) });
export const DisputeChange = z.strictObject({ dispute: z.string(), status: z.enum(DISPUTE_STATUSES) });
/** Of an object that is named. */
export const Named = z.strictObject({ id: z.string().min(1) });
export { DisputeOrder, Settings };

/** The hand on Stripe, for tests and for `/control`. What names an object that is not there throws. */
export interface StripeControl {
	/** Every call of the API so far, also those that failed. */
	requests(): LoggedRequest[];
	/** Every event so far, the oldest first. */
	events(): StripeEvent[];
	failNext(failure: StripeFailureInput): void;
	/** For programs that bring their secret. The same address again changes its secret and events. */
	registerEndpoint(endpoint: z.input<typeof EndpointInput>): WebhookEndpoint;
	/** Signs with a new secret; `keepOld` with the former too, until the next roll. */
	rollSecret(roll?: z.input<typeof SecretRoll>): { secret: string };
	webhookFaults(change: WebhookSwitchesInput): WebhookSwitches;
	/** Delivers what is held or was lost. */
	release(): void;
	/** Delivers an event again. */
	resend(eventId: string): void;
	deliveries(): Delivery[];
	settled(): Promise<void>;
	/** The account's time, in seconds. */
	now(): number;
	/** Moves the account's time and lets everything happen that is due on the way. Answers the new time. */
	advanceClock(move: z.input<typeof ClockMove>): number;
	/** The money of a bank debit has come, or came back. */
	settleBankDebit(outcome: z.input<typeof DebitOutcome>): void;
	/** The next charge for an invoice of this subscription or customer is declined. */
	failNextRenewal(of: { id: string }): void;
	settleRefund(outcome: z.input<typeof RefundOutcome>): Refund;
	openDispute(order: z.input<typeof DisputeOrder>): Dispute;
	setDispute(change: z.input<typeof DisputeChange>): Dispute;
	set(settings: z.input<typeof Settings>): void;
	/** The next object whose ids have this prefix gets this id, `price_pro` for a price. */
	nameNext(id: string): void;
	/** Forgets everything, the registered endpoints too. */
	reset(): void;
}

export interface ControlParts {
	readonly world: World;
	readonly failures: Failures;
	readonly requests: RequestLog;
	readonly secrets: EndpointSecrets;
	readonly sender: WebhookSender;
	readonly reset: () => void;
}

export function createControl({ world, failures, requests, secrets, sender, reset }: ControlParts): StripeControl {
	const { clock, ids, settings, store } = world;
	return {
		requests: () => requests.all(),
		events: () => structuredClone([...store.events.values()]),
		failNext: (failure) => failures.add(failure),
		registerEndpoint(input) {
			const { url, secret, enabledEvents } = EndpointInput.parse(input);
			const known = [...store.webhookEndpoints.values()].find((endpoint) => endpoint.url === url);
			const endpoint = known ?? addEndpoint(world, { url, enabled_events: enabledEvents });
			endpoint.enabled_events = enabledEvents;
			secrets.give(endpoint.id, secret);
			return structuredClone(endpoint);
		},
		rollSecret(roll = {}) {
			const { endpoint, keepOld, secret } = SecretRoll.parse(roll);
			const [first, ...others] = endpoint === undefined ? store.webhookEndpoints.keys() : [existing(world, endpoint)];
			if (first === undefined) throw new RangeError('There is no webhook endpoint.');
			const given = secrets.give(first, secret, keepOld);
			for (const other of others) secrets.give(other, given, keepOld);
			return { secret: given };
		},
		webhookFaults: (change) => sender.set(change),
		release: () => sender.release(),
		resend: (id) => sender.resend(required(() => found(store.events, 'event', id))),
		deliveries: () => sender.deliveries(),
		settled: () => sender.settled(),
		now: () => clock.now(),
		advanceClock(move) {
			const parsed = ClockMove.parse(move);
			advanceClock(world, 'to' in parsed ? parsed.to : clock.now() + parsed.seconds);
			return clock.now();
		},
		settleBankDebit(input) {
			const { outcome, session: id } = DebitOutcome.parse(input);
			const session = required(() => found(store.checkoutSessions, 'checkout.session', id));
			const intent = store.paymentIntents.get(session.payment_intent ?? '');
			if (intent?.status !== 'processing') throw new RangeError(`No bank debit of ${id} is under way.`);
			settleBankDebit(world, intent, outcome);
			settleSession(world, session, outcome);
		},
		failNextRenewal: ({ id }) => void store.hidden.failingRenewals.add(existing(world, id)),
		settleRefund(input) {
			const { refund, status } = RefundOutcome.parse(input);
			return structuredClone(required(() => settleRefund(world, refund, status)));
		},
		openDispute: (order) => structuredClone(required(() => openDispute(world, order))),
		setDispute(input) {
			const { dispute, status } = DisputeChange.parse(input);
			return structuredClone(required(() => setDisputeStatus(world, dispute, status)));
		},
		set: (input) => void Object.assign(settings, Settings.parse(input)),
		nameNext: (id) => ids.nameNext(id),
		reset,
	};
}

function existing({ store }: World, id: string): string {
	if (store.find(id)) return id;
	throw new RangeError(`There is no ${id}.`);
}

/** What is a refusal to the API is a wrong call of a control. */
function required<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw error instanceof StripeRefusal ? new RangeError(error.message, { cause: error }) : error;
	}
}
