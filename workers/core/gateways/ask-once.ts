import { readAtMost } from './read-at-most';

/** A queue's answers are addresses and errors: a few KB. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/** The processor answered, but not with success. */
export class ProcessorRefusal extends Error {
	readonly status: number;
	/** Its JSON, or null when it was none. */
	readonly body: unknown;

	constructor(status: number, body: unknown) {
		super(`The processor answered ${status}.`);
		this.status = status;
		this.body = body;
	}
}

/**
 * Makes a client that repeats calls by itself make each only once. fal's repeats queue calls on 429, 5xx and broken
 * connections whatever its `retry` option says (1.10.1, `src/queue.js`), and a submission sent twice may make and bill
 * two videos. It repeats only errors that it knows by class, code or cause, so what is thrown here has none of these.
 */
export async function askOnce(ask: () => Promise<Response>): Promise<Response> {
	let response: Response;
	let bytes: Uint8Array<ArrayBuffer> | null;
	try {
		response = await ask();
		bytes = response.body === null ? new Uint8Array() : await readAtMost(response.body, ANSWER_BYTES_MAX);
	} catch {
		throw new Error('The processor did not answer.');
	}
	if (bytes === null) throw new Error('The processor answered more than an answer has.');
	if (!response.ok) throw new ProcessorRefusal(response.status, parseJson(new TextDecoder().decode(bytes)));
	const { status, headers } = response;
	return new Response(bytes.byteLength === 0 ? null : bytes, { status, headers });
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
