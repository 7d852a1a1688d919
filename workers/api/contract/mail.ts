/** Mail that nobody needs, and whether mail arrives. */
import { z } from '@hono/zod-openapi';

import { OPTIONAL_CLASSES } from '../../core/mail/mail-class';
import { Code } from './auth';

const wants = z.object({ product_updates: z.boolean(), announcements: z.boolean() });

export const MailSettings = z
	.object({
		wants: wants.openapi({ description: 'Both false until somebody switches them on.' }),
		problem: z
			.enum(['bounced', 'complained'])
			.nullable()
			.openapi({ description: 'bounced: nothing reaches your address. complained: you called our mail unwanted.' }),
	})
	.openapi('MailSettings');

export const MailChoicesOrder = z
	.strictObject({
		...wants.shape,
		surface: z.enum(['settings', 'sign_up']).default('settings').openapi({ description: 'Which page asked.' }),
	})
	.openapi('MailChoicesOrder');

export const AddressCode = z.strictObject({ code: Code }).openapi('AddressCode');
export const AddressProved = z.object({ arrives: z.literal(true) }).openapi('AddressProved');

export const Unsubscribing = z.object({ mailClass: z.enum(OPTIONAL_CLASSES) }).openapi('Unsubscribing');
