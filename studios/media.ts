import { mediaPolicy } from './policy/media';
import { LIMITS, RATES, RETENTION, type Studio } from './studio';

export const media: Studio = {
	slug: 'media',
	name: 'Diffusion Studio',
	tagline: { first: 'Cut it here.', second: 'Keep it here.' },
	promise:
		'Generate picture, video, voice and music, and edit them in the browser. Your project stays on your device unless you say otherwise.',
	work: { one: 'piece', many: 'pieces', path: '/pieces' },
	done: 'Rendered',
	subjectWord: 'person',
	signIn: ['password', 'code', 'passkey', 'google', 'apple', 'github'],
	tenancy: { kind: 'workspace', word: 'workspace', membersMax: 50, hasApiKeys: true },
	statement: {
		kind: 'age',
		textVersion: '2026-11-21',
		text: 'I am 16 or older.',
		refusal: 'This studio is for people of 16 and older.',
	},
	rates: RATES,
	welcomeCredits: 60,
	pricing: {
		currency: 'usd',
		packMonths: 12,
		packs: [{ id: 'pack.200', credits: 200, cents: 2_900, version: 1 }],
		plans: [
			{ id: 'plan.solo', name: 'Solo', credits: 400, cents: 4_900, version: 1 },
			{ id: 'plan.studio', name: 'Studio', credits: 1_500, cents: 16_900, version: 1 },
		],
		retired: [],
		lowBalanceCredits: 60,
	},
	tools: [],
	toCome: [
		'Pictures and video from words and references',
		'Voice, music and sound effects',
		'Transcripts with a time for each word',
		'A local-first editor: the project lives on your device',
	],
	retention: RETENTION,
	limits: LIMITS,
	consentTextVersion: '2026-11-01',
	policy: mediaPolicy,
};
