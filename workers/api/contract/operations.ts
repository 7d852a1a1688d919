import { z } from '@hono/zod-openapi';

import { GRANT_CREDITS_MAX } from '../../core/operations/grant-by-operator';
import { CreditsAnswer, EntryList } from '../contract';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const whole = z.number().int();

/** Stands in the account's record, where its owner reads it. */
const reason = z
	.string('Say why. The owner of the account reads it.')
	.trim()
	.min(3, 'Say why. The owner of the account reads it.')
	.max(300, 'A reason has 300 characters at most.');

const key = z
	.string()
	.regex(/^[\w.-]{3,100}$/, 'A key has 3 to 100 letters, digits, dots, dashes and underscores.')
	.openapi({ description: 'Chosen by you. The same command under the same key is done once.' });

export const GrantOrder = z.object({
	accountId: z.string().max(60),
	credits: whole.min(1).max(GRANT_CREDITS_MAX),
	reason,
	key,
	expiresAt: time.nullable().default(null).openapi({ description: 'When what is left of them ends; null: never.' }),
});

export const GrantAnswer = z.object({
	accountId: z.string(),
	entryId: z.string(),
	credits: whole,
	/** False: they had been granted under this key before. */
	isNew: z.boolean(),
});

/** A payment, whose money goes back and its credits with it; or a render, whose credits come back. */
export const RefundOrder = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('payment'),
		payment: z.string().regex(/^(?:pi|in)_\w{1,100}$/, 'A payment is called pi_… or in_….'),
		cents: whole.min(1).nullable().default(null).openapi({ description: 'Tax included; null: all that is left.' }),
		reason,
		key,
	}),
	z.object({
		kind: z.literal('render'),
		render: z.string().regex(/^rnd_\w{1,60}$/, 'A render is called rnd_….'),
		reason,
	}),
]);

export const RefundAnswer = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('payment'),
		accountId: z.string(),
		payment: z.string(),
		refund: z.string(),
		cents: whole,
		currency: z.string(),
	}),
	z.object({ kind: z.literal('render'), accountId: z.string(), render: z.string(), credits: whole }),
]);

export const LedgerAnswer = z.object({
	accountId: z.string(),
	balance: CreditsAnswer,
	chain: z.object({
		state: z.enum(['verified', 'broken']),
		entries: whole,
		sealed: whole.openapi({ description: 'The rest is sealed within a minute or so.' }),
		brokenAt: whole.nullable().openapi({ description: 'The number of the first entry that is not what was sealed.' }),
	}),
	entries: EntryList,
});

export const LedgerAuditAnswer = z.object({
	accounts: whole,
	sealed: whole,
	violations: z.array(z.string()),
	unsealed: whole.openapi({ description: 'Rows of versions that sealed nothing, which `seal-earlier` seals.' }),
});

export const ReconcileOrder = z.object({ key, reason });

export const ReconcileAnswer = z.object({
	run: z.string(),
	waiting: whole.openapi({ description: 'Days that are still to be compared.' }),
});

const state = z.enum(['waiting', 'done', 'failed']);

export const ReconciliationAnswer = z.object({
	run: z.string(),
	state,
	days: z.array(
		z.object({
			day: z.iso.date(),
			state,
			listed: whole,
			repaired: whole,
			chargedCredits: whole,
			costMicros: whole.openapi({ description: 'Millionths of a US dollar.' }),
			costUnknown: whole,
		}),
	),
	findings: z.array(z.object({ day: z.string(), kind: z.string(), objectId: z.string(), isRepaired: z.boolean() })),
	hasMore: z.boolean(),
});

export const PrepareOrder = z.object({ reason });

export const PrepareAnswer = z.object({ made: z.array(z.string()) });
