import { COMMON, RESIDUE } from './common';
import { DATA, DAY_MS } from './data-classes';
import type { ProductPolicy } from './policy';
import { EVERYWHERE } from './processors';
import { SENTRY, UMAMI_UNASKED } from './trackers';

export const mediaPolicy: ProductPolicy = {
	...COMMON,
	controller: {
		name: 'Diffusion Studio Inc.',
		address: '1207 Delaware Ave #2396, Wilmington, DE 19806, United States',
		email: 'contact@diffusion.studio',
		dataProtectionOfficer: 'Nobody: Article 37 of the GDPR asks none of a company of this kind.',
		euRepresentative: 'Nobody yet. Whoever is in the European Union writes to the address above.',
	},
	versions: [
		{
			version: '2026-11-21',
			announced: '2026-11-21',
			effective: '2026-11-21',
			isMaterial: true,
			changes: [],
			review: { state: 'draft' },
		},
	],
	data: {
		...DATA,
		source: {
			...DATA.source,
			title: 'Files you upload',
			what: 'What you give as input or reference, without its metadata. That it was here, its size and type stay with your orders.',
			retention: {
				mode: 'duration',
				anchor: 'after it came, whatever is made from it, unless you delete it before',
				ms: DAY_MS,
				clock: 'creation',
			},
		},
	},
	processors: EVERYWHERE,
	trackers: [UMAMI_UNASKED, SENTRY],
	changes: { noticeDays: 14 },
	erasure: { deadlineHours: 24, residue: RESIDUE },
	children:
		'The service is not for people under 16. Whoever finds out that a younger one has given us something writes to us, and it is deleted.',
	staffAccess: 'none',
};
