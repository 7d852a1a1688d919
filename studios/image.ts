import { imagePolicy } from './policy/image';
import { LIMITS, RATES, RETENTION, type Studio } from './studio';

export const image: Studio = {
	slug: 'image',
	name: 'AI Baby Dance',
	tagline: { first: 'Say it.', second: 'See it.' },
	promise: 'Write what you want to see and keep what comes out. Your pictures are yours until you delete them.',
	work: { one: 'picture', many: 'pictures', path: '/pictures' },
	done: 'There it is',
	subjectWord: 'person',
	signIn: ['password', 'code', 'passkey', 'google', 'apple', 'github'],
	tenancy: { kind: 'personal', word: 'account', membersMax: 1, hasApiKeys: false },
	statement: null,
	rates: RATES,
	welcomeCredits: 60,
	pricing: {
		currency: 'usd',
		packMonths: 12,
		packs: [{ id: 'pack.40', credits: 40, cents: 600, version: 1 }],
		plans: [
			{ id: 'plan.monthly', name: 'Monthly', credits: 100, cents: 1_200, version: 1 },
			{ id: 'plan.more', name: 'More', credits: 300, cents: 3_200, version: 1 },
		],
		retired: [],
		// Two more pictures.
		lowBalanceCredits: 8,
	},
	tools: [
		{
			id: 'image.generate',
			title: 'Picture from words',
			credits: 4,
			breakdown: [{ item: 'One picture, 1024 × 1024', credits: 4 }],
			input: 'prompt',
			needsSource: false,
			needsConsent: false,
			disclosure: 'Made by AI',
			stages: [
				{
					id: 'picture',
					title: 'Picture made',
					doing: 'The picture is being made',
					asset: 'picture',
					assetClass: 'generated',
					processor: 'openai',
					endpoint: 'gpt-image-1',
					expectedSeconds: 20,
					deadlineSeconds: 180,
					output: 'image',
					// Counted in tokens, which the answer does not always tell.
					costMicros: null,
				},
			],
		},
	],
	toCome: ['Editing a picture with words', 'A dance clip from one photo'],
	retention: RETENTION,
	limits: LIMITS,
	consentTextVersion: '2026-11-01',
	policy: imagePolicy,
};
