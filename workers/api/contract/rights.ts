/** What a person may ask for about their data, and what operators answer. */
import { z } from '@hono/zod-openapi';

import { DATA_CLASSES } from '../../../studios/policy/policy';
import { REQUEST_LIMITS, RIGHT_KINDS } from '../../../studios/rights';
import { RECEIPT_KINDS } from '../../core/receipts/receipt-facts';
import { EmailAddress } from './auth';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const right = z.enum(RIGHT_KINDS, 'Choose what you ask for.');
const state = z.enum(['unproved', 'open', 'answered', 'refused', 'lapsed']);

const exported = {
	id: z.string(),
	state: z.enum(['queued', 'ready', 'failed', 'gone']),
	hasAccount: z.boolean().openapi({ description: 'Whether the account you own is in it' }),
	requestedAt: time,
	readyAt: time.nullable(),
	deleteAt: time.openapi({ description: 'From then on it cannot be fetched' }),
	byteLength: z.number().int().nullable(),
};

export const ExportAnswer = z.object(exported).openapi('Export');
export const ExportList = z.object({ items: z.array(ExportAnswer) }).openapi('ExportList');
export const ReadyExport = z
	.object({
		...exported,
		downloadUrl: z
			.string()
			.nullable()
			.openapi({ description: 'On the media host, for minutes; null before it is ready' }),
	})
	.openapi('ReadyExport');

export const RestrictionAnswer = z
	.object({ restrictedAt: time.nullable().openapi({ description: 'Null: not restricted' }) })
	.openapi('Restriction');

export const PrivacyAnswer = z
	.object({
		held: z.array(z.object({ dataClass: z.enum(DATA_CLASSES), count: z.number().int(), since: time.nullable() })),
		hasAccount: z.boolean(),
		restrictedAt: time.nullable(),
		restrictedSubjects: z.array(z.object({ id: z.string(), reference: z.string(), restrictedAt: time })),
		exports: z.array(ExportAnswer),
		receipts: z.array(
			z.object({
				id: z.string(),
				kind: z.enum(RECEIPT_KINDS),
				deleted: z.array(z.object({ what: z.string(), count: z.number().int() })),
				issuedAt: time,
			}),
		),
		requests: z.array(z.object({ id: z.string(), right, state, receivedAt: time, dueAt: time })),
	})
	.openapi('Privacy');

const typed = (label: string, max: number) =>
	z.string(`${label} is missing.`).trim().max(max, `${label} has ${max} characters at most.`);
const words = typed('What you ask for', REQUEST_LIMITS.wordsMax).min(3, 'Say in a few words what you ask for.');

export const RightsOrder = z
	.object({
		right,
		email: EmailAddress,
		name: typed('A name', REQUEST_LIMITS.nameMax).min(1, 'Type your name.'),
		who: typed('Who you are to us', REQUEST_LIMITS.whoMax).min(
			1,
			'Say who you are to us, such as "a patient of Dr. Ada".',
		),
		words,
	})
	.openapi('RightsOrder');

export const RightsOrdered = z.object({ mailed: z.literal(true), days: z.number().int() }).openapi('RightsOrdered');

export const OwnRightsOrder = z.object({ right, words }).openapi('OwnRightsOrder');
export const OwnRightsOrdered = z.object({ id: z.string() }).openapi('OwnRightsOrdered');

/** Null words: what is objected to says enough. */
export const ObjectionOrder = z
	.object({ words: typed('What you object to', REQUEST_LIMITS.wordsMax).default('') })
	.openapi('ObjectionOrder');
export const ObjectionAnswer = z.object({ requestId: z.string(), denied: z.array(z.string()) }).openapi('Objection');

export const RightsVisit = z
	.object({
		id: z.string().max(60),
		token: z.string().max(200).openapi({ description: 'What the mailed link carries' }),
	})
	.openapi('RightsVisit');

const request = {
	id: z.string(),
	right,
	state,
	receivedAt: time,
	dueAt: time,
	extensionReason: z.string().nullable(),
	answer: z.string().nullable(),
	endedAt: time.nullable(),
};
export const RightsAnswer = z.object(request).openapi('RightsRequest');
export const RightsList = z.object({ items: z.array(RightsAnswer) }).openapi('RightsRequestList');

/* Operators. */

export const QueueQuery = z.object({ cursor: z.string().max(100).optional() });

export const QueueAnswer = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				right,
				receivedAt: time,
				dueAt: time,
				isExtended: z.boolean(),
				isAlarming: z.boolean(),
				isLate: z.boolean(),
			}),
		),
		nextCursor: z.string().nullable(),
		open: z.int().openapi({ description: 'How many wait in all, on every page.' }),
		alarming: z.int().openapi({ description: 'Of how many a week is left, or less.' }),
	})
	.openapi('RightsQueue');

export const ShownAnswer = z
	.object({
		...request,
		address: z.string().nullable(),
		name: z.string().nullable(),
		who: z.string().nullable(),
		words: z.string().nullable(),
		provedAt: time.nullable(),
		userId: z.string().nullable(),
	})
	.openapi('ShownRightsRequest');

const told = z.string().trim().min(3, 'Write what the person is told.').max(8_000);
export const RightsReply = z.object({ id: z.string().max(60), words: told }).openapi('RightsReply');
export const RightsExtension = z.object({ id: z.string().max(60), reason: told }).openapi('RightsExtension');
export const RightsStep = z
	.object({ request: RightsAnswer, isNew: z.boolean(), isMailed: z.boolean() })
	.openapi('RightsStep');
