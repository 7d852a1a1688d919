import { z } from 'zod';
import { bool, clearable, int, metadata, text } from '../wire/params';

const enabled = z.strictObject({ enabled: bool });
const auto = z.enum(['auto', 'never']).optional();

/** What `POST /v1/checkout/sessions` takes here. */
export const sessionParams = {
	allow_promotion_codes: bool.optional(),
	automatic_tax: enabled.optional(),
	billing_address_collection: z.enum(['auto', 'required']).optional(),
	cancel_url: text.optional(),
	client_reference_id: text.max(200).optional(),
	consent_collection: z
		.strictObject({ promotions: text.optional(), terms_of_service: z.enum(['none', 'required']).optional() })
		.optional(),
	customer: text.optional(),
	customer_creation: z.enum(['always', 'if_required']).optional(),
	customer_email: text.max(800).optional(),
	customer_update: z.strictObject({ address: auto, name: auto, shipping: auto }).optional(),
	expires_at: int.optional(),
	invoice_creation: z
		.strictObject({
			enabled: bool,
			invoice_data: z
				.strictObject({ description: text.optional(), footer: text.optional(), metadata: metadata.optional() })
				.optional(),
		})
		.optional(),
	line_items: z
		.array(
			z.strictObject({
				adjustable_quantity: z.strictObject({ enabled: bool }).optional(),
				price: text,
				quantity: int.pipe(z.int().min(1, 'Quantity must be at least 1.').max(999_999)).default(1),
			}),
		)
		.min(1)
		.max(100),
	locale: text.optional(),
	metadata: metadata.optional(),
	mode: z.enum(['payment', 'subscription']),
	payment_intent_data: z
		.strictObject({
			description: text.optional(),
			metadata: metadata.optional(),
			receipt_email: text.optional(),
			setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
			statement_descriptor: text.optional(),
			statement_descriptor_suffix: text.optional(),
		})
		.optional(),
	payment_method_collection: z.enum(['always', 'if_required']).optional(),
	payment_method_types: z.array(z.enum(['card', 'sepa_debit'])).optional(),
	saved_payment_method_options: z
		.strictObject({
			allow_redisplay_filters: z.array(text).optional(),
			payment_method_save: z.enum(['enabled', 'disabled']).optional(),
		})
		.optional(),
	submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
	subscription_data: z
		.strictObject({ description: clearable(text).optional(), metadata: metadata.optional() })
		.optional(),
	success_url: text,
	tax_id_collection: z
		.strictObject({ enabled: bool, required: z.enum(['if_supported', 'never']).optional() })
		.optional(),
	ui_mode: z.enum(['hosted_page']).default('hosted_page'),
};
export type SessionParams = z.output<z.ZodObject<typeof sessionParams>>;
