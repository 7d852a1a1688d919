import { freezeCredits, loseCredits, thawCredits } from '../credits/dispute-credits';
import { reinstateCredits } from '../credits/reinstate-credits';
import { creditsOfDispute } from './credits-of-cents';
import type { StripeDispute } from './stripe-gateway';
import type { SyncDeps } from './sync-result';

/**
 * Brings the ledger to where a dispute is: open sets the credits aside, lost takes them, won gives them back, and also what was
 * taken when it was lost before (F41). Each step is recorded once, so an older answer after a newer one changes nothing.
 */
export async function postDispute(
	deps: Pick<SyncDeps, 'db' | 'now'>,
	{ purchase, dispute }: { purchase: { id: string; credits: number; paidCents: number }; dispute: StripeDispute },
): Promise<void> {
	const disputed = {
		disputeId: dispute.id,
		purchaseId: purchase.id,
		amount: creditsOfDispute(purchase, dispute.cents),
	};
	switch (dispute.state) {
		case 'open':
			return freezeCredits(deps, disputed);
		case 'lost':
			return loseCredits(deps, disputed);
		case 'won':
			await thawCredits(deps, disputed);
			await reinstateCredits(deps, { causeId: dispute.id });
	}
}

/** What a purchase's disputes come to: one that is open counts most, then one that was lost. */
export function stateOfDisputes(disputes: readonly StripeDispute[]): StripeDispute['state'] | null {
	const states = new Set(disputes.map(({ state }) => state));
	return (['open', 'lost', 'won'] as const).find((state) => states.has(state)) ?? null;
}
