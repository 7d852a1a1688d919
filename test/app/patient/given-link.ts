import { authorizationText } from '../../../studios/authorization';
import { dental } from '../../../studios/dental';
import type { Offer, Signed } from '../../../app/patient/answers';

/** What a link to a draft answers. */
export function givenOffer(changes: Partial<Offer['words']> = {}): Offer {
	return {
		state: 'to_sign',
		practice: 'Bright Dental',
		words: {
			jurisdiction: 'US-CA',
			description: 'One photo of the face and teeth',
			discloser: 'Bright Dental',
			recipient: 'Dental Diffusion',
			purposes: ['show_in_room', 'patient_copy', 'website'],
			channels: ['room', 'download', 'share', 'publish'],
			expiresAt: '2099-11-21T21:00:00.000Z',
			signerRole: 'patient',
			representativeAuthority: null,
			...changes,
		},
		purposes: [
			{ purpose: 'show_in_room', channels: ['room'] },
			{ purpose: 'patient_copy', channels: ['download', 'share'] },
			{ purpose: 'website', channels: ['publish'] },
		],
		expiresAtMost: '2099-11-22T23:59:59.999Z',
		linkExpiresAt: '2099-01-01T00:00:00.000Z',
	};
}

/** What a link to a signed consent answers. */
export function givenSigned(changes: Partial<Signed> = {}): Signed {
	const { words } = givenOffer();
	const { expiresAt, ...rest } = words;
	return {
		state: 'signed',
		practice: 'Bright Dental',
		linkExpiresAt: '2100-02-19T21:00:00.000Z',
		consent: {
			state: 'active',
			signerName: 'Jo <Keller>',
			signerRole: 'patient',
			signedAt: '2026-11-21T14:07:00.000Z',
			signedVia: 'link',
			expiresAt,
			revokedAt: null,
			narrowedAt: null,
			channels: ['room', 'share', 'publish'],
			channelsSigned: ['room', 'download', 'share', 'publish'],
		},
		words,
		text: authorizationText({ ...rest, studio: dental, expiresAtMs: Date.parse(expiresAt) }).map((section) => ({
			heading: section.heading,
			paragraphs: [...section.paragraphs],
		})),
		textHash: 'a'.repeat(64),
		signature: '[[[0,0.5],[1,0.5]]]',
		isPaused: false,
		photos: [],
		media: [],
		shares: { open: 2, until: '2026-11-28T14:07:00.000Z' },
		posted: [
			{
				place: 'instagram',
				state: 'kept',
				postedAt: '2026-11-22T14:07:00.000Z',
				dueAt: null,
				removedAt: null,
			},
		],
		deletion: null,
		...changes,
	};
}
