import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { prepareStripe } from '../billing/prepare-stripe';
import { withD1Retry } from '../d1-retry';
import type { BillingDeps } from '../deps';

/** Makes at Stripe what this deployment sells (`prepareStripe`), and records what was made. Repeating it makes nothing more. */
export async function prepareByOperator(
	deps: Pick<BillingDeps, 'db' | 'now' | 'newId' | 'studio' | 'stripe'>,
	{ whence, reason }: { whence: Whence; reason: string },
): Promise<{ made: string[] }> {
	const { made } = await prepareStripe(deps);
	const facts = { made: String(made.length) };
	const record = await operatorStatement(deps, { whence, accountId: null, action: 'stripe.prepared', facts, reason });
	await withD1Retry(() => record.statement.run());
	return { made: [...made] };
}
