import type { MappedTable } from './mapped-table';

/** Credits and what was paid. */
export const MONEY = {
	welcome_grants: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'keep',
		isExported: false,
		columns: { id: 'account_id', secret: 'person_hash', time: 'created_at_ms' },
	},
	credit_accounts: {
		dataClass: 'billing',
		of: { account: 'id' },
		erase: 'keep',
		isExported: true,
		columns: { id: 'id', credit: 'posted held owed', fact: 'seq sealed_seq' },
	},
	credit_buckets: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'keep',
		isExported: true,
		columns: {
			id: 'id account_id purchase_id',
			credit: 'source granted remaining held',
			time: 'expires_at_ms created_at_ms told_at_ms',
		},
	},
	credit_entries: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'keep',
		isExported: true,
		columns: {
			id: 'id account_id render_id purchase_id cause_id resolves_id',
			credit: 'kind amount posted held owed balance',
			fact: 'seq',
			time: 'created_at_ms',
		},
	},
	credit_parts: {
		dataClass: 'billing',
		of: { parent: { table: 'credit_entries', by: 'entry_id' } },
		erase: 'keep',
		isExported: true,
		columns: { id: 'entry_id bucket_id', credit: 'posted held' },
	},
	credit_seals: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'keep',
		isExported: true,
		columns: { id: 'account_id', fact: 'seq', proof: 'hash' },
	},
	billing_customers: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'delete',
		isExported: true,
		columns: {
			id: 'account_id customer_id subscription_id',
			fact: 'plan status is_ending card_brand card_last4',
			time: 'period_start_ms period_end_ms read_at_ms',
		},
	},
	checkouts: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'delete',
		isExported: true,
		columns: {
			id: 'id account_id requested_by session_id',
			credit: 'credits',
			fact: 'item cents currency state',
			time: 'created_at_ms ended_at_ms',
		},
	},
	purchases: {
		dataClass: 'billing',
		of: { account: 'account_id' },
		erase: 'keep',
		isExported: true,
		columns: {
			id: 'id account_id payment_id invoice_id',
			credit: 'credits',
			fact: 'item paid_cents currency refunded_cents dispute_state',
			time: 'paid_at_ms',
		},
	},
	stripe_events: {
		dataClass: 'notice',
		of: {},
		erase: 'age',
		isExported: false,
		columns: { id: 'id object_id', fact: 'type', time: 'received_at_ms done_at_ms tried_at_ms' },
	},
	reconciliations: {
		dataClass: 'operations',
		of: {},
		erase: 'age',
		isExported: false,
		columns: {
			credit: 'charged_credits',
			fact: 'run state listed repaired cost_micros cost_unknown',
			time: 'day created_at_ms ended_at_ms',
		},
	},
	reconciliation_findings: {
		dataClass: 'operations',
		of: {},
		erase: 'age',
		isExported: false,
		columns: { id: 'object_id', fact: 'run kind is_repaired', time: 'day created_at_ms' },
	},
} as const satisfies Record<string, MappedTable>;
