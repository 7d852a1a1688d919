import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { OnEvent } from '../events';
import type { Kept } from '../kept';
import { invoiceRoutes } from './billing/invoice-routes';
import { invoiceOperations } from './billing/invoices';
import { subscriptionOperations } from './billing/subscriptions';
import { priceOperations } from './catalog/prices';
import { productOperations } from './catalog/products';
import { checkoutRoutes } from './checkout/checkout-routes';
import { checkoutSessionOperations } from './checkout/sessions';
import type { StripeAccount } from './clients';
import { createClock } from './clock';
import { createControl, type StripeControl } from './control';
import { customerOperations } from './customers/customers';
import { paymentMethodOperations } from './customers/payment-methods';
import { disputeOperations } from './payments/disputes';
import { paymentIntentOperations } from './payments/payment-intents';
import { refundOperations } from './payments/refunds';
import { portalConfigurationOperations } from './portal/configurations';
import { portalRoutes } from './portal/portal-routes';
import { portalSessionOperations } from './portal/sessions';
import { createStore } from './store';
import { apiRoutes } from './wire/api-routes';
import { createFailures } from './wire/failures';
import { createIdempotencyKeys } from './wire/idempotency';
import { createIds } from './wire/ids';
import { createRequestLog } from './wire/request-log';
import { createEventLog } from './webhooks/event-log';
import { eventOperations } from './webhooks/events';
import { createEndpointSecrets, webhookEndpointOperations } from './webhooks/webhook-endpoints';
import { createWebhookSender } from './webhooks/webhook-sender';
import { defaultSettings, type World } from './world';

interface StripeOptions {
	readonly account: StripeAccount | undefined;
	/** `{origin}/stripe` */
	readonly baseOf: () => string;
	readonly stop: AbortSignal;
	readonly onEvent: OnEvent;
}

/** Stands for api.stripe.com, checkout.stripe.com and billing.stripe.com, all below one path. One account, in memory. */
export function createStripe({ account = {}, baseOf, stop, onEvent }: StripeOptions): {
	routes: Hono<{ Bindings: HttpBindings }>;
	control: StripeControl;
	kept: Kept;
} {
	const [store, clock, ids] = [createStore(), createClock(), createIds()];
	const [failures, requests, keys, secrets] = [
		createFailures(),
		createRequestLog(),
		createIdempotencyKeys(),
		createEndpointSecrets(),
	];
	const events = createEventLog(store, clock, ids);
	const sender = createWebhookSender({ store, secretsOf: (endpoint) => secrets.of(endpoint), stop, onEvent });
	const world: World = {
		store,
		clock,
		ids,
		emit: (type, object, previousAttributes) => sender.send(events.record(type, object, previousAttributes)),
		baseOf,
		settings: defaultSettings(),
	};
	const operations = [
		...productOperations(world),
		...priceOperations(world),
		...customerOperations(world),
		...paymentMethodOperations(world),
		...checkoutSessionOperations(world),
		...paymentIntentOperations(world),
		...refundOperations(world),
		...disputeOperations(world),
		...subscriptionOperations(world),
		...invoiceOperations(world),
		...portalConfigurationOperations(world),
		...portalSessionOperations(world),
		...webhookEndpointOperations(world, secrets),
		...eventOperations(world, sender),
	];
	const routes = new Hono<{ Bindings: HttpBindings }>()
		.route('/', checkoutRoutes(world))
		.route('/', portalRoutes(world))
		.route('/', invoiceRoutes(world))
		.route('/', apiRoutes({ world, account, events, failures, requests, keys, stop }, operations));
	const control = createControl({
		world,
		failures,
		requests,
		secrets,
		sender,
		reset() {
			for (const part of [sender, store, clock, ids, failures, requests, keys, secrets]) part.reset();
			Object.assign(world.settings, defaultSettings());
		},
	});
	const kept = () => ({
		...store,
		requests: requests.all(),
		answers: keys.all(),
		deliveries: sender.deliveries(),
	});
	return { routes, control, kept };
}
