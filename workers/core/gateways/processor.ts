/** What every gateway answers with: refusals we can act on, in one shape, whichever processor spoke. */

export interface ProcessorFailure {
	kind: 'failed';
	/** The processor's own word, for logs and for the sentence shown. */
	code: string;
	/** A sentence the processor wrote for its user, when it did. */
	message: string | null;
	/** Whether the same request may succeed a moment later. */
	isRetryable: boolean;
}

/** The request may or may not have begun: nothing came back. It must not be sent again before its deadline (F45). */
export interface ProcessorSilence {
	kind: 'unknown';
}

/** The longest a processor may take to answer one HTTP request. */
export const PROCESSOR_TIMEOUT_MS = 30_000;
/**
 * The largest output taken from a processor. A 5 s video has 2 to 8 MB and a picture of 2048 px a side at most 12; a Worker has
 * 128 MB for all messages that it works on at once, and an output is there twice for a moment.
 */
export const OUTPUT_BYTES_MAX = 24 * 1024 * 1024;
