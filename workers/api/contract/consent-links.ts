/** The bodies of a patient's own link to a consent: without an account, by a token that travels in the body alone. */
import { z } from '@hono/zod-openapi';

import { CHANNELS, JURISDICTIONS, POSTING_PLACES } from '../../../studios/publish-rules';
import { ASSET_KINDS } from '../../../studios/studio';
import { IssuedReceipt } from '../contract';
import { EmailAddress } from './auth';
import { channel } from './shares';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

function isPostingPlace(name: string): name is keyof typeof POSTING_PLACES {
	return name in POSTING_PLACES;
}

/** Of a drawn signature, as the JSON that it is stored as. */
export const SIGNATURE_BYTES_MAX = 8 * 1024;

export const CreatedConsentLink = z
	.object({
		id: z.string(),
		url: z.string().openapi({ description: 'Answered this once, and stored nowhere.' }),
		expiresAt: time,
	})
	.openapi('CreatedConsentLink');

export const ConsentLinkList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				state: z.enum(['waiting', 'opened', 'signed', 'ended', 'over']),
				createdAt: time,
				expiresAt: time,
				openedAt: time.nullable(),
				endedAt: time.nullable(),
			}),
		),
	})
	.openapi('ConsentLinkList', { description: 'The newest first, 50 at most.' });

export const EndedConsentLink = z.object({ id: z.string(), endedAt: time }).openapi('EndedConsentLink');

const token = z.string().trim().max(200).openapi({ description: 'What stands at the end of the link.' });

export const ConsentLinkOpening = z.object({ token }).openapi('ConsentLinkOpening');

/**
 * What `authorizationText` of `studios/authorization.ts` makes the words from, beside the studio: with what the signer chose in place of
 * what is offered (`channels`, `expiresAt`, `representativeAuthority`).
 */
export const AuthorizationWords = z
	.object({
		jurisdiction: z.enum(JURISDICTIONS),
		description: z.string(),
		discloser: z.string(),
		recipient: z.string(),
		purposes: z.array(z.string()),
		channels: z.array(channel),
		expiresAt: time,
		signerRole: z.enum(['patient', 'representative']),
		representativeAuthority: z.string().nullable(),
	})
	.openapi('AuthorizationWords');

const ConsentToSign = z.object({
	state: z.literal('to_sign'),
	practice: z.string(),
	words: AuthorizationWords.openapi({
		description: 'As it is offered: `channels` and `expiresAt` are the most that can be signed.',
	}),
	/** What each purpose needs, so that a box can be unticked. */
	purposes: z.array(z.object({ purpose: z.string(), channels: z.array(channel) })),
	/** The longest that the rules of the practice's place allow; `words.expiresAt` is never later. */
	expiresAtMost: time,
	linkExpiresAt: time,
});

const shown = {
	/** Null: not shown at the moment (processing is restricted, or the consent is revoked). Good for two minutes. */
	url: z.string().nullable(),
	width: z.number().int().nullable(),
	height: z.number().int().nullable(),
	createdAt: time,
};

const SignedConsent = z.object({
	state: z.literal('signed'),
	practice: z.string(),
	linkExpiresAt: time,
	consent: z.object({
		state: z.enum(['active', 'expired', 'revoked']),
		signerName: z.string().nullable(),
		signerRole: z.enum(['patient', 'representative']).nullable(),
		signedAt: time.nullable(),
		signedVia: z.enum(['staff', 'link', 'paper']).nullable(),
		expiresAt: time.nullable(),
		revokedAt: time.nullable(),
		narrowedAt: time.nullable(),
		/** Still allowed; none once it is not in force. */
		channels: z.array(channel),
		channelsSigned: z.array(channel),
	}),
	/** What was signed, for `authorizationText`; null: it cannot be made again word for word. */
	words: AuthorizationWords.nullable(),
	/** The words themselves as they were signed, for reading and for a file; null with `words`. */
	text: z.array(z.object({ heading: z.string(), paragraphs: z.array(z.string()) })).nullable(),
	/** SHA-256 of the plain text that was signed, hex; null: it was not signed by a link. */
	textHash: z.string().nullable(),
	/** What was drawn, as the JSON of its strokes (`Signature`); null: the name was typed. */
	signature: z.string().nullable(),
	/** True: the media are not shown, because processing is restricted. Narrowing and revoking go on. */
	isPaused: z.boolean(),
	photos: z.array(z.object({ ...shown, deleteAt: time })),
	media: z.array(
		z.object({
			kind: z.enum(ASSET_KINDS),
			assetClass: z.enum(['source', 'simulation', 'genuine_pair', 'generated', 'composition']),
			label: z.string().nullable(),
			...shown,
		}),
	),
	/** Links by which others can see something at this moment. */
	shares: z.object({ open: z.number().int(), until: time.nullable() }),
	posted: z.array(
		z.object({
			place: z.enum(Object.keys(POSTING_PLACES).filter(isPostingPlace)),
			state: z.enum(['kept', 'due', 'overdue', 'removed']),
			postedAt: time,
			dueAt: time.nullable(),
			removedAt: time.nullable(),
		}),
	),
	/** After a revocation, how far the deletion is; null before. */
	deletion: z
		.object({
			photosLeft: z.number().int(),
			picturesLeft: z.number().int(),
			processorCopiesLeft: z.number().int(),
			/** Links that showed something and show nothing any more. */
			linksEnded: z.number().int(),
			postedLeft: z.number().int(),
			/** What is kept all the same, and why. */
			kept: z.array(z.object({ what: z.string(), why: z.string() })),
			/** Null while the deletion goes on; the same as an erasure's, for whoever checks it. */
			receipt: IssuedReceipt.nullable(),
		})
		.nullable(),
});

export const OpenedConsentLink = z
	.discriminatedUnion('state', [ConsentToSign, SignedConsent])
	.openapi('OpenedConsentLink');

/** A stroke of a finger: points from 0 to 1, x to the right and y down, as parts of the field's width and height. */
const Stroke = z.array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)])).min(1);

export const Signature = z
	.array(Stroke)
	.min(1)
	.refine(
		(strokes) => JSON.stringify(strokes).length <= SIGNATURE_BYTES_MAX,
		'This signature is too long. Draw it again.',
	);

export const ConsentSigning = z
	.object({
		token,
		signerName: z.string().trim().min(1, 'Write your name.').max(200, 'A name has 200 characters at most.'),
		representativeAuthority: z.string().trim().max(200, '200 characters at most.').optional(),
		toldOfRevocation: z.boolean(),
		toldTreatmentNotConditioned: z.boolean(),
		toldOfRedisclosure: z.boolean(),
		channels: z.array(channel).min(1, 'Choose at least one use, or do not sign.').max(CHANNELS.length),
		expiresAt: time,
		signature: Signature.nullable().openapi({ description: 'Strokes of [x, y], 0 to 1. Null: the name is typed.' }),
		textHash: z
			.string()
			.regex(/^[0-9a-f]{64}$/)
			.openapi({ description: 'SHA-256 of the plain text that was shown, hex.' }),
	})
	.openapi('ConsentSigning');

export const SignedByLink = z
	.object({ signedAt: time, channels: z.array(channel), expiresAt: time, linkExpiresAt: time })
	.openapi('SignedByLink');

export const NarrowByLink = z
	.object({ token, channels: z.array(channel).max(CHANNELS.length) })
	.openapi('NarrowByLink', { description: 'What stays allowed. What is left out ends at once.' });

export const NarrowedByLink = z
	.object({ channels: z.array(channel), narrowedAt: time.nullable() })
	.openapi('NarrowedByLink');

export const RevokedByLink = z
	.object({
		revokedAt: time,
		photosBeingDeleted: z.number().int(),
		/** Pictures, videos and compositions that were made under it. */
		madeBeingDeleted: z.number().int(),
		/** What is kept all the same, and why. */
		kept: z.array(z.object({ what: z.string(), why: z.string() })),
		linkExpiresAt: time,
	})
	.openapi('RevokedByLink');

export const ConsentCopyOrder = z.object({ token, email: EmailAddress }).openapi('ConsentCopyOrder');

export const ConsentCopy = z.object({ isSent: z.literal(true) }).openapi('ConsentCopy');
