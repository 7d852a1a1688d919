/** What operators do about mail. */
import { z } from '@hono/zod-openapi';

import { OPTIONAL_CLASSES } from '../../core/mail/mail-class';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const address = z.email('This is no address. Give one such as ada@example.com.').max(254);

const words = {
	subject: z
		.string()
		.trim()
		.min(3, 'An update needs a subject.')
		.max(80, 'A subject has 80 characters at most.')
		.regex(/^[^\p{Cc}]*$/u, 'A subject is one line.'),
	text: z.string().trim().min(20, 'An update needs a text.').max(20_000, 'A text has 20000 characters at most.'),
};

export const AnnouncementOrder = z.object({
	mailClass: z.enum(OPTIONAL_CLASSES),
	...words,
	after: z
		.string()
		.max(100)
		.nullable()
		.default(null)
		.openapi({ description: '`next` of the step before; null: the first.' }),
	queuedBefore: z.number().int().min(0).default(0).openapi({ description: 'By the steps before: theirs go first.' }),
});

export const AnnouncementStep = z.object({
	queued: z.number().int().openapi({ description: 'Mails that were not queued before.' }),
	next: z.string().nullable().openapi({ description: 'Where the next step begins; null: it is done.' }),
});

export const PreviewOrder = z.object({ to: address, ...words });
export const PreviewAnswer = z.object({ queued: z.literal(true) });

const Suppressed = z.object({
	fingerprint: z.string(),
	reason: z.enum(['bounced', 'complained']),
	since: time,
});

export const SuppressionList = z.object({
	bounced: z.number().int(),
	complained: z.number().int(),
	newest: z.array(Suppressed),
});

export const SuppressionQuestion = z.object({ address });
export const SuppressionFound = z.object({ found: Suppressed.nullable() });

export const SuppressionLift = z.object({
	address,
	reason: z.string().trim().min(3, 'Say why.').max(300, 'A reason has 300 characters at most.'),
});
export const SuppressionLifted = z.object({ lifted: Suppressed });
