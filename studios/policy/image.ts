import { COMMON, RESIDUE } from './common';
import { DATA, DAY_MS } from './data-classes';
import type { ProductPolicy } from './policy';
import { EVERYWHERE, OPENAI } from './processors';
import { UMAMI_WHERE_REQUIRED } from './trackers';

export const imagePolicy: ProductPolicy = {
	...COMMON,
	controller: {
		name: 'AI Baby Dance',
		address: 'The postal address is given to whoever asks for it by mail.',
		email: 'privacy@aibabydance.com',
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
			title: 'Pictures you upload',
			retention: {
				mode: 'duration',
				anchor: 'after it came, whatever is made from it, unless you delete it before',
				ms: DAY_MS,
				clock: 'creation',
			},
		},
		output: {
			...DATA.output,
			purposes: [...DATA.output.purposes, 'to find out why something went wrong, when you ask'],
		},
		render: {
			...DATA.render,
			purposes: [...DATA.render.purposes, 'to find out why something went wrong, when you ask'],
		},
	},
	processors: [OPENAI, ...EVERYWHERE],
	trackers: [UMAMI_WHERE_REQUIRED],
	changes: { noticeDays: 7 },
	erasure: {
		deadlineHours: 24,
		residue: [
			...RESIDUE,
			{
				what: 'The words of a picture, at OpenAI',
				why: 'it keeps them to find abuse, and cannot be asked to delete them earlier',
				until: '30 days after the order',
				of: ['account'],
				ms: 30 * DAY_MS,
			},
		],
	},
	children:
		'Accounts are for adults. Pictures of a child are given by its parents alone; whoever finds one that they did not allow writes to us, and it is removed.',
	staffAccess: 'break_glass',
};
