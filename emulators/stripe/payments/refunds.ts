import { z } from 'zod';
import { formatMoney } from '../billing/invoice-lines';
import { found, newestFirst } from '../store';
import { invalid } from '../wire/errors';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { int, mergeMetadata, metadata, text } from '../wire/params';
import type { Charge, Refund } from '../wire/stored';
import { change, type World } from '../world';

const creation = {
	amount: int.pipe(z.int().min(1, 'Invalid positive integer')).optional(),
	charge: text.optional(),
	metadata: metadata.optional(),
	payment_intent: text.optional(),
	reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
};
type RefundOrder = z.output<z.ZodObject<typeof creation>>;

export function refundOperations(world: World): Operation[] {
	const { store } = world;
	return [
		operation('POST', '/v1/refunds', creation, (params) => createRefund(world, params)),
		operation('GET', '/v1/refunds/:id', {}, (_, id) => found(store.refunds, 'refund', id)),
		operation('POST', '/v1/refunds/:id', { metadata: metadata.optional() }, (params, id) => {
			const refund = found(store.refunds, 'refund', id);
			const merged = mergeMetadata(refund.metadata ?? {}, params.metadata);
			change(world, 'refund.updated', refund, { metadata: merged });
			return refund;
		}),
		listOperation('/v1/refunds', { charge: text.optional(), payment_intent: text.optional() }, (filters) =>
			newestFirst(store.refunds).filter((refund) => matches(filters, refund)),
		),
	];
}

function createRefund(world: World, order: RefundOrder): Refund {
	const charge = refundedCharge(world, order);
	if (charge.status !== 'succeeded') {
		throw invalid(`This charge (${charge.id}) has not succeeded; cannot issue a refund.`, { param: 'charge' });
	}
	if (charge.disputed && !isDisputeOver(world, charge)) {
		throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
	}
	const left = charge.amount - charge.amount_refunded;
	if (left === 0) {
		throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
	}
	const { amount = left } = order;
	if (amount > left) {
		const sentence = `Refund amount (${formatMoney(amount, charge.currency)}) is greater than unrefunded amount on charge (${formatMoney(left, charge.currency)})`;
		throw invalid(sentence, { param: 'amount' });
	}
	const refund = newRefund(world, charge, { ...order, amount });
	world.store.refunds.set(refund.id, refund);
	Object.assign(charge, { amount_refunded: charge.amount_refunded + amount, refunded: amount === left });
	world.emit('refund.created', refund);
	world.emit('charge.refunded', charge, { amount_refunded: charge.amount_refunded - amount, refunded: false });
	return refund;
}

function refundedCharge({ store }: World, { charge, payment_intent: intentId }: RefundOrder): Charge {
	if (charge !== undefined && intentId === undefined) return found(store.charges, 'charge', charge, 'charge');
	if (intentId === undefined || charge !== undefined) {
		throw invalid('One of the following params should be provided for this request: payment_intent or charge.');
	}
	const intent = found(store.paymentIntents, 'payment_intent', intentId, 'payment_intent');
	const latest = store.charges.get(intent.latest_charge ?? '');
	if (latest) return latest;
	throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
		param: 'payment_intent',
	});
}

/** A dispute that was won leaves the money to be refunded. */
function isDisputeOver({ store }: World, charge: Charge): boolean {
	const dispute = [...store.disputes.values()].findLast((one) => one.charge === charge.id);
	return dispute !== undefined && ['won', 'warning_closed'].includes(dispute.status);
}

function newRefund({ clock, ids, settings }: World, charge: Charge, order: RefundOrder & { amount: number }): Refund {
	const isCard = charge.payment_method_details?.type === 'card';
	return {
		id: ids.next(isCard ? 're' : 'pyr'),
		object: 'refund',
		amount: order.amount,
		balance_transaction: ids.next('txn'),
		charge: charge.id,
		created: clock.now(),
		currency: charge.currency,
		customer: charge.customer,
		customer_account: null,
		destination_details: isCard
			? {
					card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
					type: 'card',
				}
			: { type: 'sepa_debit' },
		metadata: mergeMetadata({}, order.metadata),
		payment_intent: charge.payment_intent,
		payment_method: charge.payment_method,
		reason: order.reason ?? null,
		receipt_number: null,
		source_transfer_reversal: null,
		status: settings.refundsArePending ? 'pending' : 'succeeded',
		transfer_reversal: null,
	};
}

/**
 * What the bank makes of a refund later. A refund that succeeded can still fail, as at Stripe; one that failed is over, and its
 * amount can be refunded again.
 */
export function settleRefund(world: World, id: string, status: 'succeeded' | 'failed'): Refund {
	const refund = found(world.store.refunds, 'refund', id);
	if (refund.status === status || refund.status === 'failed') {
		throw new RangeError(`The refund ${id} is ${refund.status} already.`);
	}
	if (status === 'succeeded') {
		change(world, 'refund.updated', refund, { status });
		world.emit('charge.refund.updated', refund);
		return refund;
	}
	const charge = found(world.store.charges, 'charge', refund.charge ?? '');
	change(world, 'charge.updated', charge, { amount_refunded: charge.amount_refunded - refund.amount, refunded: false });
	change(world, 'refund.updated', refund, {
		status,
		failure_balance_transaction: world.ids.next('txn'),
		failure_reason: 'expired_or_canceled_card',
	});
	world.emit('charge.refund.updated', refund);
	world.emit('refund.failed', refund);
	return refund;
}
