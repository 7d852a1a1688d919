import { dentalPolicy } from './policy/dental';
import { LIMITS, RATES, RETENTION, type Studio } from './studio';
import { TREATMENTS } from './treatments';

export const dental: Studio = {
	slug: 'dental',
	name: 'Dental Diffusion',
	tagline: { first: 'The smile stays.', second: 'The photo goes.' },
	promise:
		'Turn one consented patient photo into a before-and-after smile video while the patient is still in the chair. A day later the photo is deleted, and you hold a signed receipt that says so.',
	work: { one: 'smile', many: 'smiles', path: '/smiles' },
	done: 'The smile is ready',
	subjectWord: 'patient',
	signIn: ['password', 'code', 'passkey', 'google', 'apple', 'github'],
	tenancy: { kind: 'practice', word: 'practice', membersMax: 50, hasApiKeys: true },
	statement: {
		kind: 'professional',
		textVersion: '2026-11-21',
		text: 'I work for a dental practice or laboratory, and use this for its patients.',
		refusal: 'This studio is for dental professionals and the people who work for them.',
	},
	rates: RATES,
	welcomeCredits: 60,
	pricing: {
		currency: 'usd',
		packMonths: 12,
		packs: [{ id: 'pack.100', credits: 100, cents: 1_900, version: 1 }],
		plans: [
			{ id: 'plan.starter', name: 'Starter', credits: 300, cents: 4_900, version: 1 },
			{ id: 'plan.practice', name: 'Practice', credits: 1_200, cents: 14_900, version: 1 },
			{ id: 'plan.group', name: 'Group', credits: 4_000, cents: 39_900, version: 1 },
		],
		retired: [],
		// Two more videos.
		lowBalanceCredits: 48,
	},
	tools: [
		{
			id: 'smile.video',
			title: 'Smile video',
			credits: 24,
			breakdown: [
				{ item: 'After picture', credits: 4 },
				{ item: 'Video, 5 seconds', credits: 20 },
			],
			input: 'smile',
			treatments: TREATMENTS,
			needsSource: true,
			needsConsent: true,
			disclosure: 'AI visualisation, not a promise of a result',
			stages: [
				{
					id: 'after_image',
					title: 'Smile drawn',
					doing: 'The new smile is drawn',
					asset: 'after',
					assetClass: 'simulation',
					processor: 'fal',
					endpoint: 'fal-ai/nano-banana-2/edit',
					expectedSeconds: 20,
					deadlineSeconds: 240,
					output: 'image',
					// A list price of 2026-09, one picture at 1K. fal's own figures are read at its pricing page.
					costMicros: 80_000,
				},
				{
					id: 'motion',
					title: 'Video made',
					doing: 'The video moves from before to after',
					asset: 'video',
					assetClass: 'simulation',
					processor: 'fal',
					endpoint: 'fal-ai/pixverse/v6/transition',
					expectedSeconds: 60,
					deadlineSeconds: 480,
					output: 'video',
					// fal publishes no price for this model that we have seen.
					costMicros: null,
				},
			],
		},
	],
	toCome: [],
	retention: RETENTION,
	limits: LIMITS,
	consentTextVersion: '2026-11-22',
	policy: dentalPolicy,
};
