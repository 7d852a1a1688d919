import { z } from 'zod';

import { readAtMost } from './read-at-most';

export const META_ADDRESS = 'https://graph.facebook.com/v25.0';

export interface MetaConfig {
	/** The pixel, which Meta calls a dataset. */
	pixelId: string;
	accessToken: string;
	/** `META_ADDRESS`, or the emulator's. */
	apiUrl: string;
}

/** One event as the Conversions API takes it; nothing else of a person is ever in it. */
export interface MetaEvent {
	event_name: 'CompleteRegistration' | 'Purchase';
	/** Seconds. One that is older than seven days fails the whole request (P-16). */
	event_time: number;
	/** The same as the browser's `eventID`, so that Meta counts the two as one. */
	event_id: string;
	event_source_url: string;
	/** `website` takes the browser's name; without one it happened by itself, as a renewal does. */
	action_source: 'website' | 'system_generated';
	data_processing_options: readonly 'LDU'[];
	data_processing_options_country?: 0 | 1;
	data_processing_options_state?: 0 | 1000;
	user_data: {
		/** SHA-256, hex. */
		em: readonly string[];
		external_id: readonly string[];
		client_user_agent?: string;
	};
	custom_data?: { currency: string; value: number };
}

/** `later`: the same may be taken in a while. `refused`: it never will, for this reason of Meta's. */
export type MetaOutcome =
	| { kind: 'taken' }
	| { kind: 'later'; status: number | null }
	| { kind: 'refused'; status: number; code: number | null; subcode: number | null };

export interface MetaGateway {
	/** Never throws for what Meta or the network does; of its answers only codes get out. */
	send(event: MetaEvent): Promise<MetaOutcome>;
}

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 16 * 1024;

const GraphError = z.object({
	error: z.object({
		code: z.number().nullish(),
		error_subcode: z.number().nullish(),
		is_transient: z.boolean().nullish(),
	}),
});
/** Graph's codes for trouble of its own and for too many calls, whatever the status. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([1, 2, 4, 17, 341, 368]);

/** One fetch; Meta's own package brings a Node HTTP client along. The token goes in the body, for addresses end up in logs. */
export function createMetaGateway(
	{ pixelId, accessToken, apiUrl }: MetaConfig,
	fetcher: typeof fetch,
	timeoutMs: number = TIMEOUT_MS,
): MetaGateway {
	return {
		send: async (event) => {
			try {
				const response = await fetcher(`${apiUrl}/${encodeURIComponent(pixelId)}/events`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ data: [event], access_token: accessToken }),
					redirect: 'manual',
					signal: AbortSignal.timeout(timeoutMs),
				});
				return await outcomeOf(response);
			} catch {
				return { kind: 'later', status: null };
			}
		},
	};
}

async function outcomeOf(response: Response): Promise<MetaOutcome> {
	const { status } = response;
	if (response.ok) {
		await response.body?.cancel().catch(() => undefined);
		return { kind: 'taken' };
	}
	const said = await errorOf(response);
	const code = said?.code ?? null;
	const isTransient = said?.is_transient === true || (code !== null && TRANSIENT_CODES.has(code));
	if (isTransient || status === 429 || status >= 500 || status < 400) return { kind: 'later', status };
	return { kind: 'refused', status, code, subcode: said?.error_subcode ?? null };
}

async function errorOf({ body }: Response): Promise<z.infer<typeof GraphError>['error'] | null> {
	const bytes = body === null ? null : await readAtMost(body, ANSWER_BYTES_MAX).catch(() => null);
	if (bytes === null) return null;
	try {
		return GraphError.parse(JSON.parse(new TextDecoder().decode(bytes))).error;
	} catch {
		return null;
	}
}
