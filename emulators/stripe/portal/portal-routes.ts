import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { cancelSubscription } from '../billing/cancel-subscription';
import { subscriptionUpdate } from '../billing/subscriptions';
import { updateSubscription } from '../billing/update-subscription';
import { addCard, attach } from '../customers/payment-methods';
import { CardForm, readCard } from '../customers/test-cards';
import { newestFirst } from '../store';
import { StripeRefusal } from '../wire/errors';
import type { FormRecord } from '../wire/form-body';
import { parseParams } from '../wire/params';
import type { Customer, PortalConfiguration, PortalSession, Price, Subscription } from '../wire/stored';
import { change, type World } from '../world';
import { portalPage } from './portal-page';

/** A session that may be used here and now. */
interface Visit {
	readonly session: PortalSession;
	readonly configuration: PortalConfiguration;
	readonly customer: Customer;
}

type Action = (world: World, visit: Visit, form: Record<string, string>) => string | undefined;

const ACTIONS: Readonly<Record<string, Action>> = { card: changeCard, plan: changePlan, cancel, keep };

/** The customer's page of a portal session, and the forms on it. */
export function portalRoutes(world: World): Hono {
	return new Hono()
		.get('/portal/:id', (c) => {
			const visit = visitOf(world, c);
			return visit ? answerPage(world, c, visit, 200) : c.text('This link is not valid any more.', 404);
		})
		.post('/portal/:id/:action', async (c) => {
			const visit = visitOf(world, c);
			const action = ACTIONS[c.req.param('action')];
			if (!visit || !action) return c.text('This link is not valid any more.', 404);
			const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
			const problem = attempt(() => action(world, visit, form));
			if (problem !== undefined) return answerPage(world, c, visit, 422, problem);
			const { flow, url } = visit.session;
			return c.redirect(flow?.after_completion.redirect?.return_url ?? url, 303);
		});
}

/** What the API refuses is said on the page. */
function attempt(action: () => string | undefined): string | undefined {
	try {
		return action();
	} catch (error) {
		if (error instanceof StripeRefusal) return error.message;
		throw error;
	}
}

function visitOf({ store }: World, c: Context): Visit | undefined {
	const session = store.portalSessions.get(c.req.param('id') ?? '');
	const configuration = store.portalConfigurations.get(session?.configuration ?? '');
	const customer = store.customers.get(session?.customer ?? '');
	return session && configuration && customer ? { session, configuration, customer } : undefined;
}

function answerPage(
	world: World,
	c: Context,
	{ session, configuration, customer }: Visit,
	status: 200 | 422,
	problem?: string,
) {
	const { baseOf, store } = world;
	const subscriptions = runningOf(world, customer);
	const card = subscriptions[0]?.default_payment_method ?? customer.invoice_settings.default_payment_method;
	const view = {
		session,
		features: configuration.features,
		customer,
		action: `${baseOf()}/portal/${session.id}`,
		card: store.paymentMethods.get(card ?? ''),
		subscriptions,
		scheduled: store.hidden.scheduledPrices,
		plans: plansOf(world, configuration).map((price) => ({
			price,
			name: store.products.get(price.product)?.name ?? '',
		})),
		invoices: newestFirst(store.invoices).filter(
			(invoice) => invoice.customer === customer.id && invoice.status !== 'draft',
		),
	};
	return c.html(portalPage({ ...view, problem }), status);
}

function runningOf({ store }: World, { id }: Customer): Subscription[] {
	return newestFirst(store.subscriptions).filter(({ customer, status }) => customer === id && status !== 'canceled');
}

function plansOf({ store }: World, { features }: PortalConfiguration): Price[] {
	const ids = (features.subscription_update.products ?? []).flatMap(({ prices }) => prices);
	return ids.flatMap((id) => store.prices.get(id) ?? []);
}

/** The new card pays from now on: for the customer and for what runs. */
function changeCard(
	world: World,
	{ configuration, customer }: Visit,
	form: Record<string, string>,
): string | undefined {
	if (!configuration.features.payment_method_update.enabled) return 'The card cannot be changed here.';
	const typed = CardForm.safeParse(form);
	if (!typed.success) return typed.error.issues[0]?.message;
	const card = readCard(typed.data, world.clock.now());
	if ('problem' in card) return card.problem;
	if (card.behaviour === 'declined' || card.behaviour === 'insufficient_funds') return 'Your card was declined.';
	const { address = null, email } = customer;
	const method = addCard(world, card, { address, email, name: typed.data.name || (customer.name ?? null) });
	attach(world, method, customer.id);
	change(world, 'customer.updated', customer, {
		invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
	});
	for (const subscription of runningOf(world, customer)) {
		change(world, 'customer.subscription.updated', subscription, { default_payment_method: method.id });
	}
	return undefined;
}

const Choice = z.object({ subscription: z.string(), price: z.string().default('') });

function changePlan(world: World, visit: Visit, form: Record<string, string>): string | undefined {
	const { features } = visit.configuration;
	const { price, subscription } = chosen(world, visit, form);
	const item = subscription?.items.data[0];
	const isOffered = plansOf(world, visit.configuration).some(({ id }) => id === price);
	if (!features.subscription_update.enabled || !subscription || !item || !isOffered)
		return 'This plan cannot be chosen here.';
	const { proration_behavior, schedule_at_period_end: schedule } = features.subscription_update;
	const { scheduledPrices } = world.store.hidden;
	scheduledPrices.delete(subscription.id);
	const isDecreasing = (world.store.prices.get(price)?.unit_amount ?? 0) < (item.price.unit_amount ?? 0);
	if (isDecreasing && schedule.conditions.some(({ type }) => type === 'decreasing_item_amount')) {
		scheduledPrices.set(subscription.id, price);
		return undefined;
	}
	update(world, subscription, {
		items: [{ id: item.id, price }],
		proration_behavior,
		payment_behavior: 'error_if_incomplete',
	});
	return undefined;
}

function cancel(world: World, visit: Visit, form: Record<string, string>): string | undefined {
	const { enabled, mode } = visit.configuration.features.subscription_cancel;
	const { subscription } = chosen(world, visit, form);
	if (!enabled || !subscription) return 'The subscription cannot be canceled here.';
	if (mode === 'immediately') cancelSubscription(world, subscription);
	else update(world, subscription, { cancel_at_period_end: 'true' });
	return undefined;
}

function keep(world: World, visit: Visit, form: Record<string, string>): string | undefined {
	const { subscription } = chosen(world, visit, form);
	if (!subscription) return 'There is no such subscription.';
	update(world, subscription, { cancel_at_period_end: 'false' });
	return undefined;
}

function chosen(world: World, { customer }: Visit, form: Record<string, string>) {
	const choice = Choice.safeParse(form);
	const subscription = runningOf(world, customer).find(({ id }) => id === choice.data?.subscription);
	return { subscription, price: choice.data?.price ?? '' };
}

/** As the API does it, with the same defaults. */
function update(world: World, subscription: Subscription, params: FormRecord): void {
	updateSubscription(world, subscription, parseParams(z.strictObject(subscriptionUpdate), params));
}
