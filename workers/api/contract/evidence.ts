/** What is held against what is promised, for anybody: counts and ages of a whole studio. */
import { z } from '@hono/zod-openapi';

import { LogHead } from './log';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const milliseconds = z.number().int().nullable();

export const EvidenceAnswer = z
	.object({
		measuredAt: time.nullable().openapi({ description: 'Null before the first measurement' }),
		sweptAt: time.nullable().openapi({ description: 'When the last sweep ended' }),
		receipts: z.number().int().openapi({ description: 'Deletion receipts under the newest signed head' }),
		log: z.object({
			state: z.enum(['continues', 'forked', 'forged', 'unknown']).openapi({
				description:
					'Whether the log continues the head that is kept outside of the database; "forged": no published key signed that head',
			}),
			keptSize: z.number().int().nullable().openapi({ description: 'How many receipts that head covers' }),
			left: z.array(LogHead).openapi({ description: 'Heads that it no longer continues, after a restore' }),
		}),
		classes: z.array(
			z.object({
				dataClass: z.string().openapi({ example: 'source' }),
				promiseMs: milliseconds.openapi({ description: 'Null where no time is promised' }),
				held: z.number().int().openapi({ description: 'At most 10,000, which means as many or more' }),
				oldestAgeMs: milliseconds,
				late: z.number().int().openapi({ description: 'How many should be gone' }),
			}),
		),
		history: z
			.array(z.object({ at: time, oldestAgeMs: milliseconds, late: z.number().int() }))
			.openapi({ description: 'Of the photos: 90 days, oldest first' }),
	})
	.openapi('Evidence');
