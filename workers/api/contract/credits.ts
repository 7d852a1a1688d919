import { z } from '@hono/zod-openapi';

export const USAGE_DAYS_MAX = 90;

export const UsageQuery = z.object({
	days: z.coerce.number().int().min(1).max(USAGE_DAYS_MAX).default(30).openapi({
		description: 'How many days, today included. Days are UTC’s.',
	}),
});

const credits = z.number().int();

export const UsageAnswer = z
	.object({
		days: z.array(
			z.object({
				day: z.iso.date(),
				spent: credits.openapi({ description: 'Charged on this day, and not given back since.' }),
				held: credits.openapi({ description: 'Set aside on this day for what is still being made.' }),
			}),
		),
		/** In all these days. */
		spent: credits,
		/** What was made for it. */
		works: z.number().int(),
	})
	.openapi('Usage');

export const MemberUsageAnswer = z
	.object({
		items: z.array(
			z.object({
				userId: z.string(),
				/** Null for who is no user any more. */
				name: z.string().nullable(),
				credits,
				works: z.number().int(),
			}),
		),
	})
	.openapi('MemberUsage');
