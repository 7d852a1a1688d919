import type { MappedTable } from './mapped-table';

/** What accounts hold: patients, consents, photos, renders and what came of them. */
export const WORK = {
	accounts: {
		dataClass: 'account',
		of: { account: 'id' },
		erase: 'blank',
		isExported: true,
		blank: 'name phone website address logo_upload_id',
		columns: {
			id: 'id logo_upload_id',
			personal: 'name phone website address',
			time: 'created_at_ms restricted_at_ms erased_at_ms',
		},
	},
	subjects: {
		dataClass: 'subject',
		of: { account: 'account_id', subject: 'id' },
		erase: 'delete',
		isExported: true,
		sealed: 'reference',
		columns: {
			id: 'id account_id',
			personal: 'reference',
			secret: 'reference_hash',
			time: 'created_at_ms restricted_at_ms erased_at_ms',
		},
	},
	consents: {
		dataClass: 'consent',
		of: { account: 'account_id', subject: 'subject_id' },
		erase: 'delete',
		isExported: true,
		sealed: 'description discloser recipient signer_name representative_authority',
		sealedUnder: 'subject_id',
		columns: {
			id: 'id account_id subject_id',
			personal: 'signer_name representative_authority',
			consent:
				'text_version description discloser recipient purposes expires_at_ms signer_role signed_at_ms told_of_revocation told_treatment_not_conditioned told_of_redisclosure',
			fact: 'state',
			time: 'created_at_ms revoked_at_ms',
		},
	},
	uploads: {
		dataClass: 'source',
		of: { account: 'account_id', subject: 'subject_id' },
		erase: 'delete',
		isExported: true,
		columns: {
			id: 'id account_id subject_id consent_id object_key receipt_id',
			fact: 'kind state content_type declared_bytes byte_length width height delete_clock',
			time: 'created_at_ms put_expires_at_ms delete_at_ms deleted_at_ms tried_at_ms',
		},
	},
	renders: {
		dataClass: 'render',
		of: { account: 'account_id', subject: 'subject_id' },
		erase: 'delete',
		isExported: true,
		sealed: 'input',
		sealedUnder: 'subject_id account_id',
		columns: {
			id: 'id account_id requested_by upload_id subject_id consent_id',
			personal: 'input',
			credit: 'credits_held credits_charged',
			fact: 'tool state stage error_code error_message',
			time: 'created_at_ms started_at_ms finished_at_ms deadline_at_ms forgotten_at_ms tried_at_ms',
		},
	},
	render_outcomes: {
		dataClass: 'render',
		of: { parent: { table: 'renders', by: 'render_id' } },
		erase: 'delete',
		isExported: true,
		columns: { id: 'render_id', fact: 'state', time: 'created_at_ms' },
	},
	attempts: {
		dataClass: 'render',
		of: { parent: { table: 'renders', by: 'render_id' } },
		erase: 'delete',
		isExported: true,
		columns: {
			id: 'id render_id request_id',
			fact: 'stage number state processor endpoint failure cost_micros',
			time: 'created_at_ms deadline_at_ms finished_at_ms forgotten_at_ms',
		},
	},
	webhook_events: {
		dataClass: 'notice',
		of: { parent: { table: 'attempts', by: 'attempt_id' } },
		erase: 'delete',
		isExported: false,
		columns: { id: 'id attempt_id request_id', personal: 'payload', fact: 'status', time: 'received_at_ms' },
	},
	assets: {
		dataClass: 'output',
		of: { account: 'account_id', parent: { table: 'renders', by: 'render_id' } },
		erase: 'delete',
		isExported: true,
		columns: {
			id: 'id account_id render_id object_key receipt_id',
			fact: 'stage kind asset_class state content_type byte_length width height duration_ms',
			time: 'created_at_ms deleted_at_ms tried_at_ms',
		},
	},
	idempotency_keys: {
		dataClass: 'notice',
		of: { account: 'account_id', parent: { table: 'renders', by: 'render_id' } },
		erase: 'delete',
		isExported: false,
		columns: { id: 'account_id key render_id', fact: 'request_hash', time: 'created_at_ms' },
	},
} as const satisfies Record<string, MappedTable>;
