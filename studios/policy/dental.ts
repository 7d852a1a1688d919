import { COMMON, RESIDUE } from './common';
import { DATA } from './data-classes';
import type { ProductPolicy } from './policy';
import { EVERYWHERE, FAL } from './processors';
import { CLARITY, META } from './trackers';

export const dentalPolicy: ProductPolicy = {
	...COMMON,
	controller: {
		name: 'Dental Diffusion',
		address: 'United States. The postal address is given to whoever asks for it by mail.',
		email: 'hello@dentaldiffusion.com',
		dataProtectionOfficer: 'Nobody: Article 37 of the GDPR asks none of a company of this kind.',
		euRepresentative: 'Nobody: the product is sold to practices in the United States.',
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
		output: {
			...DATA.output,
			what: `${DATA.output.what} What shows a patient is deleted, too, when the patient revokes.`,
		},
	},
	processors: [FAL, ...EVERYWHERE],
	trackers: [META, CLARITY],
	changes: { noticeDays: 14 },
	erasure: { deadlineHours: 24, residue: RESIDUE },
	children:
		'The service is for dental professionals and not for children. A patient who is a minor needs a guardian who signs. Whoever finds a photo of a child here that nobody allowed writes to us, and it is removed.',
	staffAccess: 'none',
};
