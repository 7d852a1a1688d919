import { z } from '@hono/zod-openapi';

import { DATA_CLASSES } from '../../../studios/policy/policy';
import { RenderAnswer } from '../contract';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const reason = z
	.string('Say why. The owner of the account reads it.')
	.trim()
	.min(3, 'Say why. The owner of the account reads it.')
	.max(300, 'A reason has 300 characters at most.');

export const StaffAccessOrder = z.object({
	renderId: z.string().regex(/^rnd_\w{1,60}$/, 'A render is called rnd_….'),
	reason,
});

export const StaffAccessAnswer = z.object({ accessId: z.string(), expiresAt: time, isNew: z.boolean() });

/** The only answer to an operator that shows what somebody made (N20). */
export const StaffLookAnswer = z.object({
	accessId: z.string(),
	expiresAt: time,
	looks: z.number().int(),
	render: RenderAnswer.pick({
		id: true,
		tool: true,
		state: true,
		stages: true,
		input: true,
		error: true,
		createdAt: true,
		finishedAt: true,
	}),
	media: z.array(z.object({ kind: z.string(), url: z.string() })),
});

export const DisclosureOrder = z.object({
	accountId: z.string().max(60),
	authority: z.string().trim().min(3).max(120).openapi({ description: 'Who got it. No person’s name.' }),
	dataClasses: z.array(z.enum(DATA_CLASSES)).min(1).max(DATA_CLASSES.length),
	reason,
	key: z.string().regex(/^[\w.-]{3,100}$/, 'A key has 3 to 100 letters, digits, dots, dashes and underscores.'),
	isQuiet: z.boolean().default(false).openapi({ description: 'A court forbids to tell of it for now.' }),
});

export const DisclosureAnswer = z.object({ disclosureId: z.string(), isTold: z.boolean() });
