import { z } from 'zod';
import { found, newestFirst } from '../store';
import { listOperation, matches, type Operation, operation } from '../wire/operation';
import { text } from '../wire/params';
import type { Charge, Dispute } from '../wire/stored';
import { change, type World } from '../world';

export const DisputeOrder = z.strictObject({
	payment_intent: z.string().min(1),
	/** All of the charge when absent. */
	amount: z.int().min(1).optional(),
	reason: z.string().default('fraudulent'),
	status: z
		.enum(['needs_response', 'under_review', 'warning_needs_response', 'warning_under_review'])
		.default('needs_response'),
});
export type DisputeOrder = z.input<typeof DisputeOrder>;

export const DISPUTE_STATUSES = [
	'needs_response',
	'under_review',
	'warning_needs_response',
	'warning_under_review',
	'warning_closed',
	'won',
	'lost',
] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

const SECONDS_PER_DAY = 86_400;
const RESPONSE_DAYS = 9;

export function disputeOperations({ store }: World): Operation[] {
	return [
		operation('GET', '/v1/disputes/:id', {}, (_, id) => found(store.disputes, 'dispute', id)),
		listOperation('/v1/disputes', { charge: text.optional(), payment_intent: text.optional() }, (filters) =>
			newestFirst(store.disputes).filter((dispute) => matches(filters, dispute)),
		),
	];
}

/** The payer's bank takes the payment back, or, with a `warning_` status, only asks about it. */
export function openDispute(world: World, input: DisputeOrder): Dispute {
	const order = DisputeOrder.parse(input);
	const { store } = world;
	const intent = found(store.paymentIntents, 'payment_intent', order.payment_intent);
	const charge = found(store.charges, 'charge', intent.latest_charge ?? '');
	const dispute = newDispute(world, charge, { ...order, amount: order.amount ?? charge.amount });
	store.disputes.set(dispute.id, dispute);
	charge.disputed = true;
	world.emit('charge.dispute.created', dispute);
	if (!isInquiry(order.status)) moveFunds(world, dispute, 'withdrawn');
	return dispute;
}

/** Any status from any other: an inquiry that becomes a dispute, a loss, a win after a loss. Money moves as Stripe moves it. */
export function setDisputeStatus(world: World, id: string, status: DisputeStatus): Dispute {
	const dispute = found(world.store.disputes, 'dispute', id);
	const wasTaken = dispute.balance_transactions.length % 2 === 1;
	const isOver = ['won', 'lost', 'warning_closed'].includes(status);
	const isRefundable = isOver ? status !== 'lost' : isInquiry(status);
	if (isOver) Object.assign(dispute, { status, is_charge_refundable: isRefundable });
	else change(world, 'charge.dispute.updated', dispute, { status, is_charge_refundable: isRefundable });
	if (!wasTaken && !isInquiry(status) && status !== 'won') moveFunds(world, dispute, 'withdrawn');
	if (wasTaken && status === 'won') moveFunds(world, dispute, 'reinstated');
	if (isOver) world.emit('charge.dispute.closed', dispute);
	return dispute;
}

function moveFunds(world: World, dispute: Dispute, way: 'withdrawn' | 'reinstated'): void {
	const { clock, ids } = world;
	const amount = way === 'withdrawn' ? -dispute.amount : dispute.amount;
	dispute.balance_transactions.push({
		id: ids.next('txn'),
		object: 'balance_transaction',
		amount,
		available_on: clock.now(),
		balance_type: 'payments',
		created: clock.now(),
		currency: dispute.currency,
		description: `Chargeback ${way} for ${dispute.charge}`,
		exchange_rate: null,
		fee: 0,
		fee_details: [],
		net: amount,
		reporting_category: way === 'withdrawn' ? 'dispute' : 'dispute_reversal',
		source: dispute.id,
		status: 'available',
		type: 'adjustment',
	});
	world.emit(`charge.dispute.funds_${way}`, dispute);
}

function isInquiry(status: string): boolean {
	return status.startsWith('warning_');
}

function newDispute(
	{ clock, ids }: World,
	charge: Charge,
	{ amount, reason, status }: { amount: number; reason: string; status: DisputeStatus },
): Dispute {
	const brand = charge.payment_method_details?.card?.brand ?? 'visa';
	return {
		id: ids.next('dp'),
		object: 'dispute',
		amount,
		balance_transactions: [],
		charge: charge.id,
		created: clock.now(),
		currency: charge.currency,
		enhanced_eligibility_types: [],
		evidence: noEvidence(charge),
		evidence_details: {
			due_by: clock.now() + RESPONSE_DAYS * SECONDS_PER_DAY,
			enhanced_eligibility: {},
			has_evidence: false,
			past_due: false,
			submission_count: 0,
			submission_method: 'not_submitted',
		},
		intended_submission_method: null,
		is_charge_refundable: isInquiry(status),
		livemode: false,
		metadata: {},
		network_reason_code: '10',
		payment_intent: charge.payment_intent,
		payment_method_details: {
			card: {
				brand,
				case_type: isInquiry(status) ? 'inquiry' : 'chargeback',
				network: brand,
				network_reason_code: '10',
			},
			type: 'card',
		},
		reason,
		status,
	};
}

function noEvidence({ billing_details: { email, name } }: Charge): Dispute['evidence'] {
	return {
		access_activity_log: null,
		billing_address: null,
		cancellation_policy: null,
		cancellation_policy_disclosure: null,
		cancellation_rebuttal: null,
		customer_communication: null,
		customer_email_address: email,
		customer_name: name,
		customer_purchase_ip: null,
		customer_signature: null,
		duplicate_charge_documentation: null,
		duplicate_charge_explanation: null,
		duplicate_charge_id: null,
		enhanced_evidence: {},
		product_description: null,
		receipt: null,
		refund_policy: null,
		refund_policy_disclosure: null,
		refund_refusal_explanation: null,
		service_date: null,
		service_documentation: null,
		shipping_address: null,
		shipping_carrier: null,
		shipping_date: null,
		shipping_documentation: null,
		shipping_tracking_number: null,
		uncategorized_file: null,
		uncategorized_text: null,
	};
}
