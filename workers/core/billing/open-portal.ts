import { eq } from 'drizzle-orm';

import { billingCustomers } from '../../../schema/billing';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { BillingDeps } from '../deps';
import { AppError } from '../errors';

import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { requireUnrestricted } from '../restriction/require-unrestricted';
import { isRunning } from './running-plan';
import type { StripeGateway } from './stripe-gateway';
import { tillPages } from './till-pages';

export type PortalFlow = 'card' | 'cancel';

/**
 * Opens Stripe's portal, where card, address, tax numbers and the plan are changed. Refused while processing is
 * restricted (but for ending a plan), for who never bought anything, for ending a plan where none runs, and beyond the studio's rate.
 */
export async function openPortal(
	deps: Pick<BillingDeps, 'db' | 'now' | 'newId' | 'studio' | 'lookupKey' | 'stripe' | 'appOrigin'>,
	input: { actor: Actor; whence: Whence; flow: PortalFlow | undefined },
): Promise<{ url: string }> {
	const { db, stripe } = deps;
	const { actor, whence } = input;
	const [customer] = await db.select().from(billingCustomers).where(eq(billingCustomers.accountId, actor.accountId));
	if (customer === undefined) {
		throw new AppError('conflict', 'Nothing was bought here yet, so there is nothing to change. Buy credits first.');
	}
	// A plan can be ended all the same: it takes nothing from anybody, and keeps Stripe from charging on.
	if (input.flow !== 'cancel') await requireUnrestricted(deps, actor);
	const flow = flowOf(input.flow, customer);
	const limits: Limit[] = [
		{ what: 'checkout', by: 'account', value: actor.accountId },
		{ what: 'checkout', by: 'network', value: whence.network },
	];
	const entry = { action: 'portal.opened', facts: { flow: input.flow ?? 'overview' } } as const;
	try {
		await db.batch([
			auditGateStatement(deps, { actor, whence }, entry, hasStanding(deps, actor, 'billing:write')),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw (await refusalOfStanding(deps, actor, 'billing:write')) ?? cause;
	}
	return stripe.openPortal({ customerId: customer.customerId, returnUrl: tillPages(deps).billing, flow });
}

function flowOf(
	flow: PortalFlow | undefined,
	{ subscriptionId, status, isEnding }: typeof billingCustomers.$inferSelect,
): Parameters<StripeGateway['openPortal']>[0]['flow'] {
	if (flow === undefined) return null;
	if (flow === 'card') return { kind: 'card' };
	if (subscriptionId !== null && isRunning(status) && !isEnding) return { kind: 'cancel', subscriptionId };
	throw new AppError('conflict', 'No plan runs here that could be ended, or it ends already with its month.');
}
