import { and, eq, inArray, ne, not, sql, type SQL } from 'drizzle-orm';

import { billingCustomers, checkouts } from '../../../schema/billing';
import { itemOf, itemsOf, priceKeyOf, type PricedItem } from '../../../studios/pricing';
import { lacksAccount } from '../accounts/open-cap';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import type { BillingDeps } from '../deps';
import { AppError } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { isUnrestricted, refusalOfRestriction } from '../restriction/require-unrestricted';
import { customerOf } from './customer-of';
import { RUNNING_STATUSES } from './running-plan';
import { tillPages } from './till-pages';

type OpenDeps = Pick<BillingDeps, 'db' | 'now' | 'newId' | 'studio' | 'lookupKey' | 'stripe' | 'appOrigin'>;

/**
 * Opens Stripe's till for one item, with what it costs and brings written down here first (DD-10, P4). Each time is a till of its
 * own, and none pays by itself; of two for a plan only that of the order written last stays open, since two plans would both be charged
 * each month. It is looked at before the till opens and again once it is stored: whoever ordered meanwhile saw it by then, or is seen.
 * Refused: while processing is restricted, what is not sold, a plan beside one that runs, and beyond the studio's rate. Where Stripe
 * cannot be reached the order stays without a till, and the sweep ends it.
 */
export async function openCheckout(
	deps: OpenDeps,
	input: { actor: Actor; whence: Whence; item: string },
): Promise<{ id: string; url: string }> {
	const { db, studio, stripe } = deps;
	const { actor } = input;
	const item = itemOf(studio, input.item);
	if (item === null)
		throw new AppError('not_found', 'Nothing is sold under this name. Choose again from what is shown.');
	const { currency } = studio.pricing;
	const id = deps.newId('checkout');
	await writeOrder(deps, input, { id, item });
	if (item.kind === 'plan') await closeOtherTills(deps, actor.accountId, id);
	const customerId = await customerOf(deps, actor.accountId, `customer:${id}`);
	const pages = tillPages(deps);
	const till = await stripe.openCheckout({
		checkoutId: id,
		customerId,
		mode: item.kind === 'plan' ? 'subscription' : 'payment',
		priceKey: priceKeyOf(studio, item),
		unitCents: item.cents,
		currency,
		successUrl: pages.bought(id),
		cancelUrl: pages.left,
	});
	await db.update(checkouts).set({ sessionId: till.id }).where(eq(checkouts.id, id));
	if (item.kind === 'plan') await keepOnlyTill(deps, actor.accountId, { id, sessionId: till.id });
	return { id, url: till.url };
}

async function writeOrder(
	deps: OpenDeps,
	{ actor, whence }: { actor: Actor; whence: Whence },
	{ id, item }: { id: string; item: PricedItem },
): Promise<void> {
	const { db, studio } = deps;
	const limits: Limit[] = [
		{ what: 'checkout', by: 'account', value: actor.accountId },
		{ what: 'checkout', by: 'network', value: whence.network },
	];
	const isFree = isUnrestricted(actor);
	const mayBuy = item.kind === 'plan' ? sql`${isFree} and ${not(hasRunningPlan(deps, actor.accountId))}` : isFree;
	const { credits, cents } = item;
	const order = {
		id,
		accountId: accountIdWhile(deps, actor, 'billing:write', { and: mayBuy }),
		requestedBy: actor.userId,
		item: item.id,
		credits,
		cents,
		currency: studio.pricing.currency,
		state: 'open' as const,
		createdAtMs: deps.now().getTime(),
	};
	const entry = { action: 'checkout.opened', targetId: id, facts: { item: item.id } } as const;
	try {
		await db.batch([
			db.insert(checkouts).values(order),
			auditStatement(deps, { actor, whence }, entry),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (!lacksAccount(cause, 'checkouts')) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw (
			(await refusalOfStanding(deps, actor, 'billing:write')) ??
			(await refusalOfRestriction(deps, actor)) ??
			planRuns(deps, cause)
		);
	}
}

function hasRunningPlan({ db }: Pick<BillingDeps, 'db'>, accountId: string): SQL {
	const running = db
		.select({ one: sql`1` })
		.from(billingCustomers)
		.where(and(eq(billingCustomers.accountId, accountId), inArray(billingCustomers.status, [...RUNNING_STATUSES])));
	return sql`exists ${running}`;
}

function planRuns({ studio }: Pick<BillingDeps, 'studio'>, cause: unknown): AppError {
	return new AppError(
		'conflict',
		`This ${studio.tenancy.word} has a plan already, and each plan is charged by itself. Change it under Billing instead.`,
		{ cause },
	);
}

/**
 * Looks once more, now that others can see this till. Nobody has its address yet, so closing it takes nothing from anybody. A plan
 * that was bought and told of in between shows as one that runs.
 */
async function keepOnlyTill(deps: OpenDeps, accountId: string, own: { id: string; sessionId: string }): Promise<void> {
	try {
		await closeOtherTills(deps, accountId, own.id);
		const [taken] = await deps.db
			.select({ runs: sql<number>`${hasRunningPlan(deps, accountId)}` })
			.from(sql`(select 1)`);
		if (taken?.runs === 1) throw planRuns(deps, null);
	} catch (error) {
		await deps.stripe.expireCheckout(own.sessionId);
		throw error;
	}
}

/**
 * Closes what else is open for a plan, unless that was ordered after this one, in D1's own order: then this one gives way, and so of two
 * at once exactly one stays. One that was paid at that very moment stays too: the plan it bought is on its way here, and a second one
 * is refused.
 */
async function closeOtherTills(deps: OpenDeps, accountId: string, ownId: string): Promise<void> {
	const { db, stripe, studio } = deps;
	const plans = itemsOf(studio).flatMap(({ id, kind }) => (kind === 'plan' ? [id] : []));
	const others = await db
		.select({
			sessionId: checkouts.sessionId,
			isNewer: sql<number>`checkouts.rowid > (select own.rowid from checkouts own where own.id = ${ownId})`,
		})
		.from(checkouts)
		.where(
			and(
				eq(checkouts.accountId, accountId),
				eq(checkouts.state, 'open'),
				inArray(checkouts.item, plans),
				ne(checkouts.id, ownId),
			),
		);
	if (others.some(({ isNewer }) => isNewer === 1)) {
		throw new AppError(
			'conflict',
			'A plan was chosen in another window just after this one, and only one till stays open. Pay there, or choose again here.',
		);
	}
	for (const { sessionId } of others) {
		if (sessionId === null) continue;
		await stripe.expireCheckout(sessionId);
		const closed = await stripe.readCheckout(sessionId);
		if (closed?.status === 'complete') {
			throw new AppError(
				'conflict',
				'A plan was bought a moment ago and is on its way. Look under Billing in a minute.',
			);
		}
	}
}
