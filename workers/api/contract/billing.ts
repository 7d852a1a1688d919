import { z } from '@hono/zod-openapi';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const cents = z.number().int();

export const CheckoutOrder = z
	.object({
		item: z.string().max(60).openapi({ example: 'pack.100', description: 'Of `packs` or `plans` of GET /v1/studio' }),
	})
	.openapi('CheckoutOrder');

export const OpenedCheckout = z
	.object({
		id: z.string(),
		url: z.url().openapi({ description: 'Stripe’s till, for one payment and a day.' }),
	})
	.openapi('OpenedCheckout');

export const CheckoutAnswer = z
	.object({
		id: z.string(),
		item: z.string(),
		title: z.string(),
		state: z.enum(['open', 'paying', 'paid', 'failed', 'expired']).openapi({
			description:
				'`paying`: done at the till, and the payment takes days. `paid`: its credits are there, or come with the plan’s invoice.',
		}),
		isUnderReview: z.boolean().openapi({
			description: 'The payment arrived, and something about it does not fit: an operator looks at it.',
		}),
		credits: z.number().int(),
		cents: cents.openapi({ description: 'Without tax' }),
		currency: z.string(),
		createdAt: time,
	})
	.openapi('Checkout');

export const PortalOrder = z
	.object({
		flow: z.enum(['card', 'cancel']).optional().openapi({
			description: 'Straight to the card, or to ending the plan. Without it: the overview.',
		}),
	})
	.openapi('PortalOrder');

export const StripePage = z.object({ url: z.url() }).openapi('StripePage', {
	description: 'An address at Stripe that lets in whoever has it, for a while.',
});

export const BillingAnswer = z
	.object({
		plan: z
			.object({
				id: z.string(),
				title: z.string(),
				credits: z.number().int().nullable(),
				cents: cents.nullable(),
				currency: z.string(),
			})
			.nullable()
			.openapi({ description: 'The plan that runs, or ran last. Its figures are null when it is not sold any more.' }),
		status: z.string().nullable().openapi({
			description:
				'Stripe’s word: active, trialing, past_due, unpaid, paused, incomplete, incomplete_expired, canceled.',
		}),
		periodStart: time.nullable(),
		periodEnd: time.nullable(),
		isEnding: z.boolean().openapi({ description: 'It ends with its period.' }),
		card: z.object({ brand: z.string(), last4: z.string() }).nullable(),
		hasCustomer: z.boolean().openapi({ description: 'Stripe knows this account.' }),
	})
	.openapi('Billing');

export const PurchaseList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				item: z.string(),
				title: z.string(),
				credits: z.number().int(),
				cents: cents.openapi({ description: 'What was paid, tax included' }),
				currency: z.string(),
				refundedCents: cents,
				disputeState: z.enum(['open', 'won', 'lost']).nullable(),
				paidAt: time,
				hasInvoice: z.boolean(),
			}),
		),
		nextCursor: z.string().nullable(),
	})
	.openapi('PurchaseList');
