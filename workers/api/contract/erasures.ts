/** The bodies about erasing: what is asked for, and how far it is. */
import { z } from '@hono/zod-openapi';

import { IssuedReceipt } from '../contract';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

export const DeletionOrder = z
	.strictObject({
		accountIds: z
			.array(z.string().max(60))
			.max(50)
			.default([])
			.openapi({ description: 'Accounts of yours that others belong to, and that go with you all the same.' }),
	})
	.openapi('DeletionOrder');

export const ErasureAnswer = z.object({ erasureId: z.string(), receiptId: z.string() }).openapi('RequestedErasure');

const state = z.enum(['requested', 'executing', 'verifying', 'certified', 'blocked']);

export const ErasureView = z
	.object({
		id: z.string(),
		kind: z.enum(['person', 'account', 'subject']),
		state,
		blockedBy: z.string().nullable().openapi({ description: 'What holds it up, in words.' }),
		requestedAt: time,
		dueAt: time,
		finishedAt: time.nullable(),
		legs: z.array(
			z.object({
				leg: z.string(),
				words: z.string(),
				state: z.enum(['open', 'deleted', 'nothing_held', 'kept', 'scheduled']),
			}),
		),
		receiptId: z.string(),
		receipt: IssuedReceipt.nullable(),
		accounts: z
			.array(z.object({ id: z.string(), state }))
			.openapi({ description: 'Erasures of accounts that go with a person.' }),
	})
	.openapi('Erasure');

export const LeavingAnswer = z
	.object({
		email: z.string(),
		accounts: z.array(z.object({ id: z.string(), name: z.string(), otherMembers: z.number().int() })),
		deadlineHours: z.number().int(),
		kept: z.array(z.object({ what: z.string(), why: z.string(), until: z.string() })),
	})
	.openapi('Leaving');

export const HoldOrder = z.object({
	targetId: z.string().max(60).openapi({ description: 'usr_…, acc_… or sub_…' }),
	matter: z
		.string('Name the matter by its own number.')
		.trim()
		.regex(
			/^[\w ./-]{3,80}$/,
			'A matter has 3 to 80 letters, digits, spaces, dots, slashes and dashes: its number, and no name of a person.',
		),
});

const hold = z.object({
	id: z.string(),
	kind: z.enum(['person', 'account', 'subject']),
	targetId: z.string(),
	matter: z.string(),
	placedAt: time,
});
export const HoldAnswer = hold.openapi('LegalHold');
export const HoldList = z.object({ items: z.array(hold) });
