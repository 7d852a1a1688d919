import { LIMITS, RETENTION, type Studio } from './studio';

export const dental: Studio = {
	slug: 'dental',
	name: 'Dental Diffusion',
	tagline: { first: 'The smile stays.', second: 'The photo goes.' },
	promise:
		'Turn one consented patient photo into a before-and-after smile video while the patient is still in the chair. A day later the photo is deleted, and you hold a signed receipt that says so.',
	work: { one: 'smile', many: 'smiles', path: '/smiles' },
	done: 'The smile is ready',
	subjectWord: 'patient',
	welcomeCredits: 60,
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
			needsSource: true,
			needsConsent: true,
			disclosure: 'AI visualisation, not a promise of a result',
			stages: [
				{
					id: 'after_image',
					title: 'Smile drawn',
					doing: 'The new shade is drawn',
					asset: 'after',
					assetClass: 'simulation',
					processor: 'fal',
					endpoint: 'fal-ai/nano-banana-2/edit',
					expectedSeconds: 20,
					deadlineSeconds: 240,
					output: 'image',
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
				},
			],
		},
	],
	toCome: [],
	retention: RETENTION,
	limits: LIMITS,
	processors: [
		{ id: 'cloudflare', name: 'Cloudflare', purpose: 'Runs the service and keeps its database and files' },
		{ id: 'fal', name: 'fal.ai', purpose: 'Draws the after picture and the video' },
	],
	consentTextVersion: '2026-11-01',
	policyVersion: '2026-11-01',
};
