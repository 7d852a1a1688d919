import { expect, test } from 'vitest';

import { stripeEvents } from '../../../schema/billing';
import { handleEvent } from '../../../workers/core/billing/handle-event';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { collectOwed } from '../../../workers/core/credits/collect-owed';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import type { FakeStripe } from '../../support/fake-stripe';
import { aHold } from '../../support/given';
import { billingWorld, givenCustomer, givenTill, tell, type BillingWorld, type Customer } from './billing-world';
import { readMoney, writeMoney, type StoredMoney, type Whose } from './stored-money';

/*
 * W3 and P1, P2 for histories of six events: each order of them, each interleaving with what happens at Stripe meanwhile, and each
 * with any event any number of times over, ends in one state.
 *
 * That is not one run a permutation but a walk over all moments a history can be in: which steps Stripe has taken, which events have
 * been told, and every stored row. What an event does is decided by the event, Stripe and the rows, so it is handled once for each
 * of these. Each path of the walk is an order; those with all of Stripe's steps first are the 720 permutations, which are counted.
 */

interface Step {
	/** What happens at Stripe; nothing, where the event tells of what happened before. */
	happens: () => void;
	type: string;
	objectId: () => string;
}

interface History {
	name: string;
	/** What was there before, and what happens in six steps. */
	begin: (deps: BillingWorld, customer: Customer) => Promise<Step[]>;
	/** What it has to come to, in credits. */
	ends: { posted: number; held: number; owed: number };
}

const nothing = () => {};

function told(type: string, objectId: string | (() => string), happens: () => void = nothing): Step {
	return { type, happens, objectId: typeof objectId === 'string' ? () => objectId : objectId };
}

/** Once somebody else's credits are in the account, what a refund takes beyond its own is visible. */
const WELCOME = 60;

async function beginPack(deps: BillingWorld, customer: Customer) {
	const { sessionId } = await givenTill(deps, customer);
	let paymentId = '';
	const refundIds: string[] = [];
	let disputeId = '';
	const { stripe } = deps;
	return {
		paid: told('checkout.session.completed', sessionId, () => {
			paymentId = stripe.payPack(sessionId).id;
		}),
		twin: told('checkout.session.async_payment_succeeded', sessionId),
		payment: told('payment_intent.succeeded', () => paymentId),
		refund: (cents: number, status: 'succeeded' | 'pending' = 'succeeded') => {
			const index = refundIds.length;
			refundIds.push('');
			return told(
				'refund.created',
				() => refundIds[index]!,
				() => {
					refundIds[index] = stripe.giveBack(paymentId, { cents, status, createdAtMs: index }).id;
				},
			);
		},
		becomes: (index: number, status: 'succeeded' | 'failed') =>
			told(
				status === 'failed' ? 'refund.failed' : 'refund.updated',
				() => refundIds[index]!,
				() => stripe.refunds.set(refundIds[index]!, { ...stripe.refunds.get(refundIds[index]!)!, status }),
			),
		disputed: (cents: number) =>
			told(
				'charge.dispute.created',
				() => disputeId,
				() => {
					disputeId = stripe.dispute(paymentId, { cents }).id;
				},
			),
		closed: (state: 'won' | 'lost') =>
			told(
				'charge.dispute.closed',
				() => disputeId,
				() => stripe.disputes.set(disputeId, { ...stripe.disputes.get(disputeId)!, state }),
			),
	};
}

async function beginPlan(deps: BillingWorld, customer: Customer) {
	const { sessionId } = await givenTill(deps, customer, 'plan.starter');
	const { stripe } = deps;
	const ids = { subscription: '', invoice: '', upgrade: '', refund: '' };
	const change = (changed: object) =>
		stripe.subscriptions.set(ids.subscription, { ...stripe.subscriptions.get(ids.subscription)!, ...changed });
	return {
		created: told(
			'customer.subscription.created',
			() => ids.subscription,
			() => {
				const { subscription, invoice } = stripe.payPlan(sessionId);
				ids.subscription = subscription.id;
				ids.invoice = invoice.id;
			},
		),
		completed: told('checkout.session.completed', sessionId),
		invoicePaid: told('invoice.paid', () => ids.invoice),
		invoiceTwin: told('invoice.payment_succeeded', () => ids.invoice),
		upgraded: told(
			'invoice.paid',
			() => ids.upgrade,
			() => {
				const { periodEndMs } = stripe.subscriptions.get(ids.subscription)!;
				const line = { quantity: 1, isProration: true, periodStartMs: deps.now().getTime(), periodEndMs: periodEndMs! };
				ids.upgrade = stripe.renew(ids.subscription, {
					paidCents: 5_000,
					lines: [
						{ ...line, priceKey: 'afterglow.dental.plan.starter.v1', cents: -2_450 },
						{ ...line, priceKey: 'afterglow.dental.plan.practice.v1', cents: 7_450 },
					],
				}).id;
				change({ priceKey: 'afterglow.dental.plan.practice.v1' });
			},
		),
		failed: told(
			'customer.subscription.updated',
			() => ids.subscription,
			() => change({ status: 'past_due' }),
		),
		refunded: told(
			'charge.refunded',
			() => ids.refund,
			() => {
				ids.refund = stripe.giveBack(stripe.invoices.get(ids.invoice)!.paymentId!, { cents: 2_450 }).id;
			},
		),
		ended: told(
			'customer.subscription.deleted',
			() => ids.subscription,
			() => change({ status: 'canceled' }),
		),
		deleted: told('customer.deleted', customer.customerId, () => {
			change({ status: 'canceled' });
			stripe.cards.delete(customer.customerId);
		}),
	};
}

async function spend(deps: BillingWorld, { accountId }: Customer, credits: number): Promise<void> {
	const hold = aHold(accountId, credits);
	await holdCredits(deps, hold);
	await captureCredits(deps, hold);
}

const HISTORIES: readonly History[] = [
	{
		name: 'a pack is refunded twice, disputed for the rest, and the dispute is won',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			return [pack.paid, pack.twin, pack.refund(333), pack.refund(500), pack.disputed(1_067), pack.closed('won')];
		},
		// 833 of 1,900 cents.
		ends: { posted: WELCOME + 100 - 43, held: 0, owed: 0 },
	},
	{
		name: 'a pack is refunded twice, disputed for the rest, and the dispute is lost',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			return [pack.paid, pack.payment, pack.refund(333), pack.refund(500), pack.disputed(1_067), pack.closed('lost')];
		},
		// 43 for the refunds, 56 for the dispute: each rounded by itself, and the last credit stays with whoever paid.
		ends: { posted: WELCOME + 100 - 43 - 56, held: 0, owed: 0 },
	},
	{
		name: 'a dispute is lost and won after all, beside a refund',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			return [pack.paid, pack.twin, pack.refund(950), pack.disputed(950), pack.closed('lost'), pack.closed('won')];
		},
		ends: { posted: WELCOME + 50, held: 0, owed: 0 },
	},
	{
		name: 'all is refunded and all is disputed and lost, and then the refund fails',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			return [
				pack.paid,
				pack.twin,
				pack.refund(1_900),
				pack.disputed(1_900),
				pack.closed('lost'),
				pack.becomes(0, 'failed'),
			];
		},
		ends: { posted: WELCOME, held: 0, owed: 0 },
	},
	{
		name: 'a dispute is closed in our favour, and lost after all, beside a refund',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			return [pack.paid, pack.twin, pack.refund(950), pack.disputed(950), pack.closed('won'), pack.closed('lost')];
		},
		ends: { posted: WELCOME, held: 0, owed: 0 },
	},
	{
		name: 'a refund that waits succeeds after a later one, and that one fails',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			const [first, second] = [pack.refund(333, 'pending'), pack.refund(500)];
			return [pack.paid, pack.twin, first, second, pack.becomes(0, 'succeeded'), pack.becomes(1, 'failed')];
		},
		ends: { posted: WELCOME + 100 - 17, held: 0, owed: 0 },
	},
	{
		name: 'all but 30 credits are spent when the pack is refunded, disputed and lost: the rest is owed',
		begin: async (deps, customer) => {
			const pack = await beginPack(deps, customer);
			pack.paid.happens();
			await tell(deps, pack.paid.type, pack.paid.objectId());
			await spend(deps, customer, WELCOME + 70);
			return [pack.twin, pack.payment, pack.refund(333), pack.refund(500), pack.disputed(1_067), pack.closed('lost')];
		},
		ends: { posted: 0, held: 0, owed: 43 + 56 - 30 },
	},
	{
		name: 'a plan begins, is made larger, has its first month half refunded, and ends',
		begin: async (deps, customer) => {
			const plan = await beginPlan(deps, customer);
			return [plan.created, plan.invoicePaid, plan.invoiceTwin, plan.upgraded, plan.refunded, plan.ended];
		},
		ends: { posted: WELCOME + 300 + 450 - 150, held: 0, owed: 0 },
	},
	{
		name: 'a plan begins, is not paid for, and its customer is deleted',
		begin: async (deps, customer) => {
			const plan = await beginPlan(deps, customer);
			return [plan.created, plan.completed, plan.invoicePaid, plan.failed, plan.ended, plan.deleted];
		},
		ends: { posted: WELCOME + 300, held: 0, owed: 0 },
	},
];

/** What is stored, with the key that says when two are the same to whoever handles events. */
interface Stored {
	key: string;
	money: StoredMoney;
}

interface Moment {
	/** How many steps Stripe has taken. */
	steps: number;
	/** Which events have been told, one bit each. */
	told: number;
	stored: Stored;
}

test.each(HISTORIES)('$name', { timeout: 120_000 }, async ({ name, begin, ends }) => {
	const deps = await billingWorld();
	const customer = await givenCustomer(deps, { credits: WELCOME });
	const steps = await begin(deps, customer);
	expect(steps).toHaveLength(6);
	const worlds = worldsOf(deps.stripe, steps);
	const eventIds = steps.map(() => `evt_${crypto.randomUUID()}`);
	const whose: Whose = { accountId: customer.accountId, eventIds, objectIds: steps.map(({ objectId }) => objectId()) };
	const effects = new Map<string, Stored>();
	const audited = new Set<string>();
	const violations: string[] = [];

	/** What telling an event does to what is stored while Stripe is where it is. */
	async function effectOf({ steps: at, stored }: Moment, event: number): Promise<Stored> {
		const key = `${at} ${event} ${stored.key}`;
		const known = effects.get(key);
		if (known !== undefined) return known;
		const { type, objectId } = steps[event]!;
		await writeMoney(deps.db, whose, stored.money);
		showWorld(deps.stripe, worlds[at]!);
		await deps.db
			.insert(stripeEvents)
			.values({ id: eventIds[event]!, type, objectId: objectId(), receivedAtMs: 1 })
			.onConflictDoUpdate({ target: stripeEvents.id, set: { doneAtMs: null } });
		await handleEvent(deps, { eventId: eventIds[event]! });
		const effect = storedOf(await readMoney(deps.db, whose));
		violations.push(...(audited.has(effect.key) ? [] : (await auditLedger(deps)).violations));
		audited.add(effect.key);
		effects.set(key, effect);
		return effect;
	}

	const first: Moment = { steps: 0, told: 0, stored: storedOf(await readMoney(deps.db, whose)) };
	const { moments, orders } = await walk(first, steps.length, effectOf);
	expect(orders).toBe(720);
	expect(violations).toEqual([]);

	const ended = new Set<string>();
	const finals = moments.filter((one) => one.steps === steps.length && one.told === 2 ** steps.length - 1);
	for (const { money } of new Map(finals.map(({ stored }) => [stored.key, stored])).values()) {
		await writeMoney(deps.db, whose, money);
		await collectOwed(deps, { limit: 1_000 });
		const { accounts, buckets, bought, orders: tills, customers, findings } = await readMoney(deps.db, whose);
		expect(accounts).toMatchObject([ends]);
		const left = buckets.map(({ id, remaining, held }) => ({ id, remaining, held }));
		const shown = customers.map((row) => ({ ...row, readAtMs: 0 }));
		ended.add(JSON.stringify({ left, bought, tills, shown, findings }));
	}
	expect([...ended]).toHaveLength(1);
	console.log(`${name}: ${orders} orders, ${moments.length} moments, ${effects.size} events handled, one end`);
});

/** All moments that any order of steps and events leads to, and how many orders there are once Stripe has taken its steps. */
async function walk(
	first: Moment,
	count: number,
	effectOf: (moment: Moment, event: number) => Promise<Stored>,
): Promise<{ moments: Moment[]; orders: number }> {
	const seen = new Map<string, Moment>([[keyOf(first), first]]);
	const onwards = new Map<string, string[]>();
	const waiting = [first];
	for (let moment = waiting.shift(); moment !== undefined; moment = waiting.shift()) {
		const next: Moment[] = moment.steps < count ? [{ ...moment, steps: moment.steps + 1 }] : [];
		// Those told already as well: an event may come any number of times.
		for (let event = 0; event < moment.steps; event += 1) {
			const isNew = Math.trunc(moment.told / 2 ** event) % 2 === 0;
			const then = {
				steps: moment.steps,
				told: moment.told + (isNew ? 2 ** event : 0),
				stored: await effectOf(moment, event),
			};
			next.push(then);
			if (isNew && moment.steps === count) {
				onwards.set(keyOf(moment), [...(onwards.get(keyOf(moment)) ?? []), keyOf(then)]);
			}
		}
		for (const one of next.filter((each) => !seen.has(keyOf(each)))) {
			seen.set(keyOf(one), one);
			waiting.push(one);
		}
	}
	return { moments: [...seen.values()], orders: ordersFrom(keyOf({ ...first, steps: count }), onwards) };
}

/** How many paths lead from a moment to an end. */
function ordersFrom(
	key: string,
	onwards: ReadonlyMap<string, readonly string[]>,
	known = new Map<string, number>(),
): number {
	const before = known.get(key);
	if (before !== undefined) return before;
	const next = onwards.get(key);
	const count = next === undefined ? 1 : next.reduce((sum, then) => sum + ordersFrom(then, onwards, known), 0);
	known.set(key, count);
	return count;
}

function keyOf({ steps, told: events, stored }: Moment): string {
	return `${steps} ${events} ${stored.key}`;
}

/** When Stripe was last read decides nothing, nor which events are recorded, but for the one that is looked up. */
function storedOf(money: StoredMoney): Stored {
	const { customers, events, ...rest } = money;
	const deleted = events.filter(({ type }) => type === 'customer.deleted').map(({ id }) => id);
	return {
		key: JSON.stringify({ ...rest, deleted, customers: customers.map((row) => ({ ...row, readAtMs: 0 })) }),
		money,
	};
}

type World = Record<string, [string, unknown][]>;
const KINDS = ['checkouts', 'invoices', 'subscriptions', 'payments', 'refunds', 'disputes', 'cards'] as const;

/** What lies at Stripe before the first step and after each. */
function worldsOf(stripe: FakeStripe, steps: readonly Step[]): World[] {
	const look = (): World => Object.fromEntries(KINDS.map((kind) => [kind, structuredClone([...stripe[kind]])]));
	return [
		look(),
		...steps.map(({ happens }) => {
			happens();
			return look();
		}),
	];
}

function showWorld(stripe: FakeStripe, world: World): void {
	for (const kind of KINDS) {
		const map = stripe[kind] as Map<string, unknown>;
		map.clear();
		for (const [id, object] of structuredClone(world[kind] ?? [])) map.set(id, object);
	}
}
