import OpenAI, { APIError } from 'openai';

import { OUTPUT_BYTES_MAX, type ProcessorFailure, type ProcessorSilence } from './processor';

export interface OpenAiConfig {
	key: string;
	/** `https://api.openai.com/v1`, or the emulator's. */
	baseUrl: string;
}

export interface PictureGateway {
	/** A square picture from words, as PNG bytes, in the same call. */
	generate(order: {
		model: string;
		prompt: string;
	}): Promise<{ kind: 'done'; bytes: Uint8Array } | ProcessorFailure | ProcessorSilence>;
}

/** A picture takes up to two minutes; the queue's consumer may wait fifteen. */
const TIMEOUT_MS = 170_000;

/** OpenAI's images through its own client, without hidden retries, since a repeated call is a second charge. */
export function createPictureGateway(config: OpenAiConfig, fetcher: typeof fetch): PictureGateway {
	// Made when it is needed: it refuses to exist without a key, which a studio without pictures does not have.
	const connect = () =>
		new OpenAI({
			apiKey: config.key,
			baseURL: config.baseUrl,
			maxRetries: 0,
			timeout: TIMEOUT_MS,
			fetch: (input, init) => fetcher(input, init),
		});
	return {
		generate: async ({ model, prompt }) => {
			try {
				const answer = await connect().images.generate({
					model,
					prompt,
					size: '1024x1024',
					n: 1,
					output_format: 'png',
				});
				const encoded = answer.data?.[0]?.b64_json;
				if (encoded === undefined || encoded.length > OUTPUT_BYTES_MAX) {
					return { kind: 'failed', code: 'unexpected_output', message: null, isRetryable: true };
				}
				return { kind: 'done', bytes: Uint8Array.from(Buffer.from(encoded, 'base64')) };
			} catch (error) {
				return toFailure(error);
			}
		},
	};
}

function toFailure(error: unknown): ProcessorFailure | ProcessorSilence {
	if (!(error instanceof APIError) || error.status === undefined) return { kind: 'unknown' };
	const code = error.code ?? `status_${error.status}`;
	const isOutOfQuota = code === 'insufficient_quota';
	return {
		kind: 'failed',
		code,
		message: null,
		isRetryable: !isOutOfQuota && (error.status === 429 || error.status >= 500),
	};
}
