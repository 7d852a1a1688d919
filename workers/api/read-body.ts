import type { Context } from 'hono';
import type { z } from 'zod';

import { AppError } from '../core/errors';
import type { ApiEnv } from './bindings';
import { refuseInvalid } from './refuse-invalid';

/** The JSON body as its schema has it; refused with the first sentence that says why, and the fields. */
export async function readBody<Schema extends z.ZodType>(
	c: Context<ApiEnv>,
	schema: Schema,
): Promise<z.output<Schema>> {
	const json: unknown = await c.req.json().catch((cause: unknown) => {
		if (cause instanceof AppError) throw cause;
		throw new AppError('invalid_input', 'This is not JSON we can read.', { cause });
	});
	const body = schema.safeParse(json);
	if (body.success) return body.data;
	refuseInvalid({ success: false, error: body.error });
	throw body.error;
}
