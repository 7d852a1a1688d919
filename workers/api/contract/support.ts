import { z } from '@hono/zod-openapi';

import { SUBJECT_LENGTH_MAX, WORDS_LENGTH_MAX } from '../../core/support/open-ticket';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const state = z
	.enum(['waiting', 'answered', 'closed'])
	.openapi({ description: '`waiting`: for us; `answered`: for you.' });

const key = z
	.string()
	.regex(/^[\w-]{16,100}$/, 'A key has 16 to 100 letters, digits, dashes and underscores.')
	.openapi({ description: 'Chosen by you, at random: the same message under the same key is written once.' });

/** Line breaks stay: it is a letter. */
const words = z
	.string('Write what it is about.')
	.trim()
	.min(1, 'Write what it is about.')
	.max(WORDS_LENGTH_MAX, `A message has ${WORDS_LENGTH_MAX.toLocaleString('en')} characters at most.`);

/** What the mailed link carries; left out by who is signed in and opened it. */
const token = z.string().min(20).max(200).optional();

export const TicketOrder = z
	.object({
		email: z
			.email('This is no e-mail address. Type one that you read.')
			.max(254)
			.optional()
			.openapi({ description: 'Where the answer goes. Who is signed in leaves it out: it goes to their own.' }),
		subject: z
			.string('Say in a few words what it is about.')
			.trim()
			.min(1, 'Say in a few words what it is about.')
			.max(SUBJECT_LENGTH_MAX, `A subject has ${SUBJECT_LENGTH_MAX} characters at most.`),
		words,
		key,
	})
	.openapi('TicketOrder');

export const OpenedTicket = z.object({ id: z.string() }).openapi('OpenedTicket');

export const TicketVisit = z.object({ token }).openapi('TicketVisit');

export const TicketAnswerOrder = z.object({ token, words, key }).openapi('TicketAnswerOrder');

const line = { id: z.string(), subject: z.string(), state, changedAt: time };

export const TicketAnswer = z
	.object({
		...line,
		openedAt: time,
		deleteAt: time
			.nullable()
			.openapi({ description: 'When it and its key are destroyed; null while it is not closed.' }),
		messages: z.array(
			z.object({ id: z.string(), author: z.enum(['person', 'operator']), words: z.string(), writtenAt: time }),
		),
	})
	.openapi('Ticket');

export const WrittenMessage = z.object({ messageId: z.string() }).openapi('WrittenMessage');

export const TicketList = z.object({ items: z.array(z.object(line)) }).openapi('TicketList');

export const TicketQuery = z.object({ state: state.default('waiting'), cursor: z.string().max(100).optional() });

export const TicketPage = z.object({ items: z.array(z.object(line)), nextCursor: z.string().nullable() });

/** What support reads to answer: what somebody wrote to it, and from where. */
export const SupportTicket = z.object({ ticket: TicketAnswer, address: z.string(), userId: z.string().nullable() });

export const ReplyOrder = z.object({ words, key: z.string().regex(/^[\w.-]{3,100}$/) });

export const ReplyAnswer = z.object({ messageId: z.string(), isNew: z.boolean() });

export const ClosedTicket = z.object({ closedAt: time });

export const TicketErasure = z.object({
	address: z.email().max(254),
	reason: z.string().trim().min(3).max(300),
});

export const TicketErasureAnswer = z.object({ erased: z.number().int(), left: z.number().int() });
