import { describe, expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { authorizationText, plainText, STILL_OPEN, type AuthorizationInput } from '../../../studios/authorization';
import { CHANNELS, JURISDICTIONS, type Channel } from '../../../studios/publish-rules';
import { STUDIO_SLUGS } from '../../../studios/studio';

const asked: AuthorizationInput = {
	studio: STUDIOS.dental,
	jurisdiction: 'US-CA',
	description: 'One photo of the face and teeth, and the picture and video made from it',
	discloser: 'Bright Dental',
	recipient: 'Dental Diffusion, who makes the video',
	purposes: ['show_in_room', 'patient_copy', 'website', 'social_media'],
	channels: CHANNELS,
	expiresAtMs: Date.parse('2027-11-21T23:59:59Z'),
	signerRole: 'patient',
	representativeAuthority: null,
};

/** Each subset of the channels, so that no combination is left out. */
const SUBSETS = Array.from({ length: 2 ** CHANNELS.length }, (_, bits) =>
	CHANNELS.filter((_channel, index) => (bits & (1 << index)) !== 0),
);

const COMBINATIONS: readonly AuthorizationInput[] = STUDIO_SLUGS.flatMap((slug) =>
	JURISDICTIONS.flatMap((jurisdiction) =>
		(['patient', 'representative', null] as const).flatMap((signerRole) =>
			SUBSETS.map((channels) => ({
				...asked,
				studio: STUDIOS[slug],
				jurisdiction,
				signerRole,
				representativeAuthority: signerRole === 'representative' ? 'mother' : null,
				channels,
			})),
		),
	),
);

const ALLOWED: Readonly<Record<Channel, readonly string[]>> = {
	room: ['may show it to you in the room'],
	download: ['may save it as a file'],
	share: ['may make a link to it for you'],
	publish: ['to everybody on its own website', 'to everybody on its own social media pages'],
};
const FORBIDDEN: Readonly<Record<Channel, string>> = {
	room: 'may not be shown in the room',
	download: 'No copy may be saved',
	share: 'No link to it may be made',
	publish: 'may not be shown to the public',
};

const words = (input: AuthorizationInput) => plainText(authorizationText(input));

describe('the authorization', () => {
	test('every element and statement of 45 CFR 164.508(c) is in the words of every combination', () => {
		expect(COMBINATIONS).toHaveLength(3 * 7 * 3 * 16);
		for (const input of COMBINATIONS) {
			const text = words(input);
			// (c)(1)(i) to (v), in order.
			expect(text).toContain(input.description);
			expect(text).toContain(`Only ${input.discloser} may send it.`);
			expect(text).toContain(`It goes to: ${input.recipient}.`);
			for (const channel of CHANNELS) {
				const isAllowed = input.channels.includes(channel);
				for (const use of ALLOWED[channel]) expect(text.includes(use)).toBe(isAllowed);
				expect(text.includes(FORBIDDEN[channel])).toBe(!isAllowed);
			}
			expect(text).toContain('This ends on 21 November 2027.');
			// (c)(1)(vi), with the authority of whoever signs for another.
			expect(text).toContain('the date are kept with these words');
			expect(text.includes('You sign for the patient, as: mother.')).toBe(input.signerRole === 'representative');
			expect(text.includes('under 18')).toBe(input.signerRole === null);
			// (c)(2)(i) to (iii), and (c)(4).
			expect(text).toContain('end it all, at any time');
			expect(text).toContain('cannot be called back');
			expect(text).toContain('Your treatment, what you pay and your benefits stay the same');
			expect(text).toContain('might pass it on. Privacy law may then no longer protect it.');
			expect(text).toContain('You get a copy of what you sign.');
			expect(text).toContain(`version ${input.studio.consentTextVersion}`);
		}
	});

	test('whoever works on the photo is named, and whoever is not shown it is not', () => {
		const text = words(asked);

		expect(text).toContain('fal.ai works for Dental Diffusion. It draws the after picture and the video.');
		expect(text).toContain('Cloudflare works for Dental Diffusion.');
		for (const name of ['Stripe', 'Resend', 'Google']) expect(text).not.toContain(name);
	});

	test('California’s particulars stand where the practice is there, and nowhere else', () => {
		for (const jurisdiction of JURISDICTIONS) {
			const text = words({ ...asked, jurisdiction });
			const isThere = jurisdiction === 'US-CA';
			expect(text.includes('one year at most')).toBe(isThere);
			expect(text.includes('may not pass them on without a new yes')).toBe(isThere);
			expect(text.includes('You have a right to a copy')).toBe(isThere);
		}
	});

	test('the words change when any element does, and else never', () => {
		const { studio } = asked;
		const changed: Readonly<Record<string, AuthorizationInput>> = {
			description: { ...asked, description: 'Two photos' },
			discloser: { ...asked, discloser: 'Another practice' },
			recipient: { ...asked, recipient: 'Somebody else' },
			website: { ...asked, purposes: asked.purposes.filter((purpose) => purpose !== 'website') },
			social: { ...asked, purposes: asked.purposes.filter((purpose) => purpose !== 'social_media') },
			expiry: { ...asked, expiresAtMs: Date.parse('2027-11-22T23:59:59Z') },
			'no expiry': { ...asked, expiresAtMs: null },
			jurisdiction: { ...asked, jurisdiction: 'US' },
			role: { ...asked, signerRole: null },
			mother: { ...asked, signerRole: 'representative', representativeAuthority: 'mother' },
			father: { ...asked, signerRole: 'representative', representativeAuthority: 'father' },
			version: { ...asked, studio: { ...studio, consentTextVersion: 'another' } },
			processors: { ...asked, studio: { ...studio, policy: { ...studio.policy, processors: [] } } },
			...Object.fromEntries(
				CHANNELS.map((channel) => [channel, { ...asked, channels: CHANNELS.filter((each) => each !== channel) }]),
			),
		};
		const texts = [asked, ...Object.values(changed)].map(words);

		expect(new Set(texts).size).toBe(texts.length);
		expect(words({ ...asked, channels: asked.channels.toReversed() })).toBe(texts[0]);
		expect(words({ ...asked, purposes: asked.purposes.toReversed() })).toBe(texts[0]);
	});

	test('what is still to be said reads as a gap', () => {
		expect(words({ ...asked, expiresAtMs: null })).toContain(`This ends on ${STILL_OPEN.expiry}.`);
		expect(words({ ...asked, signerRole: 'representative', representativeAuthority: ' ' })).toContain(
			STILL_OPEN.authority,
		);
	});

	test('an eighth grader can read it, and no sentence runs on', () => {
		for (const input of COMBINATIONS.filter(({ studio }) => studio === STUDIOS.dental)) {
			const text = words(input);
			expect(gradeOf(text)).toBeLessThan(8);
			expect(text).not.toMatch(/[—–]/);
		}
		for (const line of words(asked).split(/[\n.]/)) expect(line.split(/\s+/).length).toBeLessThanOrEqual(26);
	});
});

/** Flesch-Kincaid, with syllables counted as groups of vowels: about right for plain English, and never flattering to long words. */
function gradeOf(text: string): number {
	const sentences = text.split(/[.\n]+/).filter((part) => part.trim() !== '');
	const spoken = text.match(/[a-z0-9'’]+/gi) ?? [];
	const syllables = spoken.reduce((sum, word) => sum + syllablesOf(word), 0);
	return 0.39 * (spoken.length / sentences.length) + 11.8 * (syllables / spoken.length) - 15.59;
}

function syllablesOf(word: string): number {
	const groups = word
		.toLowerCase()
		.replace(/e$/, '')
		.match(/[aeiouy]+/g);
	return Math.max(1, groups?.length ?? 0);
}
