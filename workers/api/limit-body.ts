import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import { AppError } from '../core/errors';

/** Refuses a body of more than `bytesMax` with this sentence before it is held in memory whole. */
export function limitBody(bytesMax: number, sentence: string): MiddlewareHandler {
	return bodyLimit({
		maxSize: bytesMax,
		onError: () => {
			throw new AppError('payload_too_large', sentence);
		},
	});
}
