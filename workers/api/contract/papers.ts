/** The paper that a consent was signed on: where it is seen, and what is recorded from it. */
import { z } from '@hono/zod-openapi';

import { CONSENT_ELEMENTS } from '../../core/consents/consent-elements';
import { ConsentOrder } from '../contract';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

export const PaperRecord = ConsentOrder.omit({ subjectId: true })
	.extend({
		checked: z.array(z.enum(CONSENT_ELEMENTS)).max(CONSENT_ELEMENTS.length).openapi({
			description:
				'The elements that somebody has seen on the paper. Every one is needed; `representativeAuthority` where a representative signed.',
		}),
	})
	.openapi('PaperRecord', { description: 'Every element as it stands on the paper.' });

export const PaperAnswer = z
	.object({
		paper: z
			.object({
				uploadId: z.string(),
				contentType: z.string(),
				byteLength: z.number().int(),
				width: z.number().int().nullable(),
				height: z.number().int().nullable(),
				url: z.string().openapi({ description: 'For two minutes; a PDF is saved, a picture shown' }),
				urlExpiresAt: time,
				checkedAt: time.nullable().openapi({ description: 'When somebody recorded the consent from it' }),
			})
			.nullable()
			.openapi({ description: 'Null: there is none' }),
	})
	.openapi('Paper');
