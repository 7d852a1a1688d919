/** The bodies about what a device makes of a finished order, and about genuine pairs. */
import { z } from '@hono/zod-openapi';

import { TREATMENT_IDS } from '../../../studios/treatments';
import { COMPOSITION_KINDS, INPUTS_MAX } from '../../core/compositions/composition-kinds';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

export const CompositionOrder = z
	.object({
		renderId: z.string(),
		kind: z.enum(COMPOSITION_KINDS).openapi({
			description: '`reel`: an MP4 of H.264 and AAC, at most 60 seconds. `still_pair` and `poster`: a JPEG.',
		}),
		contentType: z.string().max(100),
		byteLength: z.number().int().positive(),
		madeOf: z.array(z.string()).max(INPUTS_MAX).default([]).openapi({
			description: 'The photo and the assets of this order that it shows. What the order made counts, named or not.',
		}),
	})
	.openapi('CompositionOrder', {
		example: { renderId: 'rnd_…', kind: 'reel', contentType: 'video/mp4', byteLength: 4200000, madeOf: ['ast_…'] },
	});

export const CompositionTicket = z
	.object({
		/** The asset’s, once it is there. */
		id: z.string(),
		state: z.literal('pending'),
		kind: z.enum(COMPOSITION_KINDS),
		put: z.object({ url: z.string(), headers: z.record(z.string(), z.string()), expiresAt: time }),
	})
	.openapi('CompositionTicket');

export const PairOrder = z
	.object({
		consentId: z.string(),
		treatment: z.enum(TREATMENT_IDS).openapi({ description: 'What was done between the two; labels name it.' }),
		attested: z
			.literal(true, 'A pair is kept only when somebody attests that both pictures are photographs.')
			.openapi({ description: 'Both are photographs, and nothing was retouched in them. Kept with who said so.' }),
	})
	.openapi('PairOrder', { example: { consentId: 'cns_…', treatment: 'whitening', attested: true } });

export const PairAnswer = z.object({ id: z.string() }).openapi('Pair');
