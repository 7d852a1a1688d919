/** The bodies about copies that leave: links, and what was posted elsewhere. */
import { z } from '@hono/zod-openapi';

import { CHANNELS, JURISDICTIONS, POSTING_LIMITS, POSTING_PLACES, SHARE_LIMITS } from '../../../studios/publish-rules';
import { ASSET_KINDS } from '../../../studios/studio';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

function isPostingPlace(name: string): name is keyof typeof POSTING_PLACES {
	return name in POSTING_PLACES;
}
const postingPlace = z.enum(Object.keys(POSTING_PLACES).filter(isPostingPlace), 'Choose where it was posted.');

export const jurisdiction = z.enum(JURISDICTIONS, 'Choose where you advertise.');
export const channel = z.enum(CHANNELS);

export const JurisdictionChoice = z.object({ jurisdiction }).openapi('JurisdictionChoice');

/** How the consent stands that something rests on; null where none is known. */
export const consentStanding = z
	.object({
		id: z.string(),
		state: z.enum(['draft', 'active', 'expired', 'revoked']),
		endsSoon: z.boolean().openapi({ description: 'In force, with an end within 30 days' }),
		isNarrowed: z.boolean().openapi({ description: 'Some of what was signed was taken back since' }),
		expiresAt: time.nullable(),
	})
	.nullable();

export const NarrowOrder = z
	.object({ channels: z.array(channel).max(CHANNELS.length) })
	.openapi('NarrowOrder', { description: 'What stays allowed. What is left out ends at once.' });

export const NarrowedConsent = z
	.object({ id: z.string(), channels: z.array(channel), narrowedAt: time.nullable() })
	.openapi('NarrowedConsent');

export const ShareOrder = z
	.object({
		expiresInHours: z
			.number('A link lasts for a number of hours.')
			.int()
			.default(SHARE_LIMITS.hoursDefault)
			.openapi({ description: `Between 1 and ${SHARE_LIMITS.hoursMax}` }),
		passcode: z
			.string()
			.max(256)
			.optional()
			.openapi({
				description: `Asked of whoever opens it; ${SHARE_LIMITS.passcodeMin} characters or more. Tell it another way than the link.`,
			}),
		shows: z.enum(['asset', 'smile']).default('asset').openapi({
			description: '`smile`: what else its order made, too, and the photo while it is here.',
		}),
	})
	.openapi('ShareOrder');

export const CreatedShare = z
	.object({ id: z.string(), url: z.string().openapi({ description: 'Answered this once, and stored nowhere.' }) })
	.openapi('CreatedShare');

export const ShareList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				assetId: z.string(),
				renderId: z.string(),
				kind: z.enum(ASSET_KINDS),
				shows: z.enum(['asset', 'smile']),
				state: z.enum(['open', 'revoked', 'ended', 'deleted', 'consent_ended', 'not_allowed', 'paused']),
				rule: z.string().nullable(),
				hasPasscode: z.boolean(),
				views: z.number().int(),
				createdAt: time,
				expiresAt: time,
				revokedAt: time.nullable(),
			}),
		),
	})
	.openapi('ShareList', { description: 'The newest first, 100 at most.' });

export const RevokedShare = z.object({ id: z.string(), revokedAt: time }).openapi('RevokedShare');

export const ShareOpening = z
	.object({
		token: z.string().trim().max(200).openapi({ description: 'What stands at the end of the link.' }),
		passcode: z.string().max(256).optional(),
	})
	.openapi('ShareOpening');

const shown = { url: z.string(), width: z.number().int().nullable(), height: z.number().int().nullable() };

export const OpenedShare = z
	.discriminatedUnion('state', [
		z.object({ state: z.literal('passcode') }),
		z.object({
			state: z.literal('open'),
			accountName: z.string(),
			items: z.array(z.object({ kind: z.enum(ASSET_KINDS), ...shown, label: z.string().nullable() })),
			before: z.object(shown).nullable(),
			expiresAt: time,
		}),
	])
	.openapi('OpenedShare');

const words = (label: string, max: number) =>
	z.string().trim().min(1, `${label} is missing.`).max(max, `${label} has ${max} characters at most.`);

export const PostingOrder = z
	.object({ place: postingPlace, address: words('The address', POSTING_LIMITS.addressMax), postedAt: time })
	.openapi('PostingOrder');

export const PostingProof = z
	.object({ proof: words('How you saw that it is gone', POSTING_LIMITS.proofMax) })
	.openapi('PostingProof');

export const PostingAnswer = z
	.object({
		id: z.string(),
		assetId: z.string(),
		renderId: z.string(),
		subjectReference: z.string().nullable(),
		place: postingPlace,
		address: z.string(),
		state: z.enum(['kept', 'due', 'overdue', 'removed']),
		dueAt: time.nullable().openapi({ description: 'Until when it has to be gone.' }),
		rule: z.string().nullable(),
		source: z.string().nullable(),
		postedAt: time,
		createdAt: time,
		removedAt: time.nullable(),
		proof: z.string().nullable(),
		consent: consentStanding,
	})
	.openapi('Posting');

export const PostingList = z
	.object({ items: z.array(PostingAnswer) })
	.openapi('PostingList', { description: 'First what has to go, the soonest first; 200 at most.' });
