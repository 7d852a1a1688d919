import type { Context } from 'hono';

import type { ApiEnv } from './bindings';

/**
 * What a request presents as its API key (RFC 6750, 2.1), empty when it says Bearer and nothing more; null without such a
 * header. Never read from an address or a body, which end up in logs.
 */
export function bearerOf(headers: Headers): string | null {
	const [, token] = /^bearer(?: +(.*))?$/is.exec(headers.get('authorization') ?? '') ?? [null, null];
	return token === null ? null : (token ?? '').trim();
}

/** Lets work end after the answer went out. Without a Worker's context around it, which some callers in Node lack, it is waited for. */
export async function afterwards(c: Context<ApiEnv>, work: Promise<void>): Promise<void> {
	const context = contextOf(c);
	if (context === null) await work;
	else context.waitUntil(work);
}

function contextOf(c: Context<ApiEnv>) {
	try {
		return c.executionCtx;
	} catch {
		// Hono says it is missing by throwing.
		return null;
	}
}
