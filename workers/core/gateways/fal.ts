import { createFalClient } from '@fal-ai/client';
import { z } from 'zod';

import { askOnce, ProcessorRefusal } from './ask-once';
import { forgetAtFal, type Forgotten, KEEPING_HEADERS } from './fal-keeping';
import { OUTPUT_BYTES_MAX, PROCESSOR_TIMEOUT_MS, type ProcessorFailure, type ProcessorSilence } from './processor';
import { readAtMost } from './read-at-most';

export interface FalConfig {
	key: string;
	/** `https://queue.fal.run`, or the emulator's. */
	queueUrl: string;
	/** `https://api.fal.ai`, or the emulator's: where payloads are deleted. */
	apiUrl: string;
	/** The hosts an output may come from, each `host` or `host:port`. */
	fileHosts: readonly string[];
	isEmulated: boolean;
}

export interface FalGateway {
	submit(job: {
		endpoint: string;
		input: Record<string, unknown>;
		webhookUrl: string;
	}): Promise<{ kind: 'accepted'; requestId: string } | ProcessorFailure | ProcessorSilence>;
	result(job: {
		endpoint: string;
		requestId: string;
	}): Promise<{ kind: 'done'; outputUrl: string } | { kind: 'pending' } | ProcessorFailure | ProcessorSilence>;
	cancel(job: { endpoint: string; requestId: string }): Promise<void>;
	/** Asks for what is stored to be deleted, then looks again. */
	forget(job: { endpoint: string; requestId: string }): Promise<Forgotten>;
	/** The bytes behind an output address of an allowed host; refuses redirects and more than 60 MB. */
	fetchOutput(url: string): Promise<Uint8Array | ProcessorFailure>;
}

const Submitted = z.object({ request_id: z.string().min(1) });
const File = z.object({ url: z.url() });
const Output = z.union([
	z.object({ video: File }).transform(({ video }) => video.url),
	z.object({ images: z.array(File).min(1) }).transform(({ images }) => images[0]?.url ?? ''),
]);
const Validation = z.object({ detail: z.array(z.object({ msg: z.string(), type: z.string() })).min(1) });
const Infrastructure = z.object({ detail: z.string(), error_type: z.string().optional() });

/**
 * fal.ai's queue through its own client, without hidden retries: submit has no idempotency key there, so sending it
 * twice may make and bill two videos (facts: protocols §1.4).
 */
export function createFalGateway(config: FalConfig, fetcher: typeof fetch): FalGateway {
	const call = (input: RequestInfo | URL, init?: RequestInit) => fetchBounded(config, fetcher, input, init);
	const client = createFalClient({
		credentials: config.key,
		fetch: (input, init) => askOnce(() => call(input, init)),
	});
	return {
		submit: async ({ endpoint, input, webhookUrl }) => {
			try {
				const answer = await client.queue.submit(endpoint, { input, webhookUrl });
				return { kind: 'accepted', requestId: Submitted.parse(answer).request_id };
			} catch (error) {
				return toFailure(error);
			}
		},
		result: async ({ endpoint, requestId }) => {
			try {
				const { status } = await client.queue.status(endpoint, { requestId });
				if (status !== 'COMPLETED') return { kind: 'pending' };
			} catch {
				// Trouble with asking says nothing about the job, which goes on: to call it failed would pay for a second one.
				return { kind: 'unknown' };
			}
			try {
				const { data } = await client.queue.result(endpoint, { requestId });
				return readOutput(data);
			} catch (error) {
				return toFailure(error);
			}
		},
		cancel: async ({ endpoint, requestId }) => {
			try {
				await client.queue.cancel(endpoint, { requestId });
			} catch {
				// Completed or unknown there: nothing is left to stop, and what it sends is not taken any more.
			}
		},
		forget: (job) =>
			forgetAtFal({ ...config, call, outputAddressIn: (payload) => outputAddressIn(config, payload) }, job),
		fetchOutput: (url) => fetchOutput(config, fetcher, url),
	};
}

/** The output's address in what fal sent or answered, whichever of its shapes it has. */
export function readOutput(payload: unknown): { kind: 'done'; outputUrl: string } | ProcessorFailure {
	const output = Output.safeParse(payload);
	if (output.success) return { kind: 'done', outputUrl: output.data };
	return { kind: 'failed', code: 'unexpected_output', message: null, isRetryable: true };
}

/** It names the input, and yet another try may help: our media host was out of reach when fal asked for the photo. */
const INPUT_NOT_FETCHED = 'file_download_error';

/**
 * fal's two error shapes: a list of what is wrong with the input, or one line on its own trouble. A webhook does not
 * carry the status, so what fal blames on the caller is told by its name.
 */
export function readFailure(status: number, body: unknown): ProcessorFailure {
	const validation = Validation.safeParse(body);
	const [first] = validation.success ? validation.data.detail : [];
	if (first !== undefined) {
		return { kind: 'failed', code: first.type, message: first.msg, isRetryable: first.type === INPUT_NOT_FETCHED };
	}
	const trouble = Infrastructure.safeParse(body);
	const code = (trouble.success ? trouble.data.error_type : undefined) ?? `status_${status}`;
	const isOurs = code === 'bad_request' || code.startsWith('client_');
	return { kind: 'failed', code, message: null, isRetryable: !isOurs && (status === 429 || status >= 500) };
}

function toFailure(error: unknown): ProcessorFailure | ProcessorSilence {
	if (error instanceof ProcessorRefusal) return readFailure(error.status, error.body);
	return { kind: 'unknown' };
}

async function fetchBounded(
	config: FalConfig,
	fetcher: typeof fetch,
	input: RequestInfo | URL,
	init: RequestInit = {},
): Promise<Response> {
	const url = (input instanceof Request ? input.url : String(input)).replace('https://queue.fal.run', config.queueUrl);
	const headers = new Headers(init.headers);
	if (init.method?.toUpperCase() === 'POST') {
		for (const [name, value] of Object.entries(KEEPING_HEADERS)) headers.set(name, value);
	}
	return fetcher(url, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(PROCESSOR_TIMEOUT_MS) });
}

function outputAddressIn(config: FalConfig, payload: unknown): URL | null {
	const output = readOutput(payload);
	return output.kind === 'done' ? fileAddress(config, output.outputUrl) : null;
}

/** An address that a file of fal's may have; null for any other. */
function fileAddress(config: FalConfig, address: string): URL | null {
	const url = URL.parse(address);
	const isAllowed =
		url !== null && config.fileHosts.includes(url.host) && (url.protocol === 'https:' || config.isEmulated);
	return isAllowed ? url : null;
}

async function fetchOutput(
	config: FalConfig,
	fetcher: typeof fetch,
	address: string,
): Promise<Uint8Array | ProcessorFailure> {
	const url = fileAddress(config, address);
	if (url === null) return failed('output_host_not_allowed', false);
	try {
		const response = await fetcher(url, {
			headers: { authorization: `Key ${config.key}` },
			redirect: 'manual',
			signal: AbortSignal.timeout(PROCESSOR_TIMEOUT_MS),
		});
		if (!response.ok || response.body === null) {
			await response.body?.cancel();
			return failed(`output_status_${response.status}`, response.status >= 500 || response.status === 404);
		}
		return (await readAtMost(response.body, OUTPUT_BYTES_MAX)) ?? failed('output_too_large', false);
	} catch {
		return failed('output_unreachable', true);
	}
}

function failed(code: string, isRetryable: boolean): ProcessorFailure {
	return { kind: 'failed', code, message: null, isRetryable };
}
