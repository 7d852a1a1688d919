import { inArray } from 'drizzle-orm';

import { purchases } from '../../../schema/billing';
import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import { amongIds, type Comparison, type FindingKind } from './comparison';
import type { StripeDispute, StripeRefund } from './stripe-gateway';
import { syncPayment } from './sync-payment';
import type { SyncDeps } from './sync-result';

/** A refund or dispute, and which entries of the ledger would show that it has been followed; one of each list is enough. */
interface Expected {
	kind: Extract<FindingKind, 'unreversed' | 'undisputed'>;
	objectId: string;
	paymentId: string;
	isDone: (entries: ReadonlySet<string>) => boolean;
}

/**
 * Whether the ledger has followed all refunds and disputes; each payment of which it has not is read and followed now. One that took
 * nothing, because nothing was left to take, looks as if it had not been followed, and is read again each night.
 */
export async function compareMoneyBack(
	comparison: Comparison,
	listed: { refunds: readonly StripeRefund[]; disputes: readonly StripeDispute[] },
): Promise<void> {
	const { deps, findings, mayRepair } = comparison;
	const expected = [...listed.refunds.flatMap(expectedOfRefund), ...listed.disputes.flatMap(expectedOfDispute)];
	const entries = await readEntries(deps, expected);
	const behind = expected.filter(({ isDone }) => !isDone(entries));
	for (const paymentId of new Set(behind.map((one) => one.paymentId))) {
		if (!mayRepair()) return;
		const { hasChanged } = await syncPayment(deps, { paymentId });
		if (!hasChanged) continue;
		const objects = behind.filter((one) => one.paymentId === paymentId);
		for (const { kind, objectId } of objects) findings.push({ kind, objectId, isRepaired: true });
	}
}

function expectedOfRefund({ id, paymentId, status }: StripeRefund): Expected[] {
	if (paymentId === null || status === 'pending' || status === 'requires_action') return [];
	return [
		{
			kind: 'unreversed',
			objectId: id,
			paymentId,
			isDone: (entries) =>
				status === 'succeeded'
					? entries.has(`reversal:${id}`)
					: !entries.has(`reversal:${id}`) || entries.has(`reinstatement:${id}`),
		},
	];
}

function expectedOfDispute({ id, paymentId, state }: StripeDispute): Expected[] {
	if (paymentId === null) return [];
	const isDone = (entries: ReadonlySet<string>) => {
		switch (state) {
			case 'open':
				return ['freeze', 'thaw', 'loss'].some((kind) => entries.has(`${kind}:${id}`));
			case 'lost':
				return ['thaw', 'loss'].some((kind) => entries.has(`${kind}:${id}`));
			case 'won':
				return ['thaw', 'reinstatement'].some((kind) => entries.has(`${kind}:${id}`));
		}
	};
	return [{ kind: 'undisputed', objectId: id, paymentId, isDone }];
}

/** The ids of all that the ledger posted for these payments' purchases. */
async function readEntries({ db }: SyncDeps, expected: readonly Expected[]): Promise<ReadonlySet<string>> {
	const paid = db
		.select({ id: purchases.id })
		.from(purchases)
		.where(inArray(purchases.paymentId, amongIds(new Set(expected.map(({ paymentId }) => paymentId)))));
	const rows = await withD1Retry(() =>
		db.select({ id: creditEntries.id }).from(creditEntries).where(inArray(creditEntries.purchaseId, paid)),
	);
	return new Set(rows.map(({ id }) => id));
}
