import { syncPayment } from './sync-payment';
import { UNCHANGED, type SyncDeps, type SyncResult } from './sync-result';

/** Reads a dispute and brings its payment up to date. */
export async function syncDispute(deps: SyncDeps, { disputeId }: { disputeId: string }): Promise<SyncResult> {
	const dispute = await deps.stripe.readDispute(disputeId);
	if (dispute === null || dispute.paymentId === null) return UNCHANGED;
	return syncPayment(deps, { paymentId: dispute.paymentId });
}
