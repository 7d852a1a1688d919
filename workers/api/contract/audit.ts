import { z } from '@hono/zod-openapi';

import { AUDIT_ACTIONS } from '../../core/audit/audit-statement';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

export const AuditQuery = z.object({
	cursor: z.string().max(200).optional(),
	limit: z.coerce.number().int().min(1).max(100).default(20),
	action: z.enum(AUDIT_ACTIONS).optional(),
	userId: z.string().max(60).optional().openapi({ description: 'Who did it.' }),
	from: time.optional(),
	until: time.optional().openapi({ description: 'Before this moment.' }),
});

export const AuditList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				at: time,
				action: z.enum(AUDIT_ACTIONS),
				/** Members and those who were; `name` is null for who is no user any more. */
				who: z.object({ id: z.string(), name: z.string().nullable() }),
				/** The API key it was done with. */
				keyId: z.string().nullable(),
				/** What it was done to: a person, a key, an address that was invited. `name` is null when it is gone. */
				target: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
				/** What changed, in words of ours: `{"from": "staff", "to": "clinician"}`. */
				facts: z.record(z.string(), z.string()),
				reason: z.string().nullable(),
				/** The network, not the address. */
				network: z.string().nullable(),
				country: z.string().nullable(),
				browser: z.string().nullable(),
			}),
		),
		nextCursor: z.string().nullable(),
	})
	.openapi('AuditList');
