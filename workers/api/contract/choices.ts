/** What people allow beyond what the service needs, and what follows from it for the page they are on. */
import { z } from '@hono/zod-openapi';

const choice = z.enum(['granted', 'denied']);

export const ChoicesAnswer = z
	.object({
		regime: z.enum(['eea', 'uk', 'ch', 'california', 'us', 'elsewhere']).openapi({
			description: 'Whose rules hold here. Without a known country, those of the European Economic Area.',
		}),
		hasGpc: z.boolean().openapi({ description: 'Whether this request came with `Sec-GPC: 1`.' }),
		textVersion: z.string(),
		choices: z
			.object({
				analytics: choice.nullable(),
				advertising: choice.nullable(),
				error_reports: choice.nullable(),
			})
			.openapi({ description: 'What was chosen last; null: nothing was.' }),
		trackers: z.array(
			z.object({
				id: z.enum(['meta', 'clarity', 'umami', 'sentry']),
				isAllowed: z.boolean().openapi({ description: 'Whether it may run for this visitor, on a public page.' }),
				isAsked: z.boolean().openapi({ description: 'Whether it waits for an answer.' }),
			}),
		),
		reportsErrors: z.boolean().openapi({ description: 'Whether errors are reported to Sentry at all.' }),
		shared: z
			.array(
				z.object({
					id: z.string(),
					name: z.enum(['CompleteRegistration', 'Purchase']),
					valueCents: z.number().int().nullable(),
					currency: z.string().nullable(),
				}),
			)
			.openapi({ description: 'What Meta’s tag tells as well as the server, with the same ids. Empty without a yes.' }),
	})
	.openapi('Choices');

export const ChoicesOrder = z
	.strictObject({
		analytics: choice.optional(),
		advertising: choice.optional(),
		error_reports: choice.optional().openapi({ description: 'For a signed-in person.' }),
		surface: z.enum(['banner', 'preferences']),
	})
	.refine((order) => Object.keys(order).length > 1, 'Nothing was chosen. Choose one thing at least.')
	.openapi('ChoicesOrder');
