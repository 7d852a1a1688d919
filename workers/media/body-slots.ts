import { AppError } from '../core/errors';

/**
 * Three photos of 25 MB, one of which may be growing and needs half as much again, leave an isolate of 128 MB room to work. A
 * fourth would risk all of them: the runtime ends an isolate that needs more, with every upload on it.
 */
const BODIES_AT_ONCE = 3;

/** A sender that is silent for this long no longer counts; one that went away may never tell the Worker. */
const SILENT_MS = 30_000;

/** What the answer's Retry-After says: a photo on a usual uplink is through by then. */
export const RETRY_AFTER_SECONDS = 5;

/** Which bodies this isolate is reading. A place is held from one chunk to the next and lapses by itself. */
export class BodySlots {
	readonly #heldUntilMs = new Map<symbol, number>();

	/** Takes a place for this body, or keeps it for another while; refuses when three others have theirs. */
	hold(body: symbol, nowMs: number): void {
		for (const [held, untilMs] of this.#heldUntilMs) if (untilMs <= nowMs) this.#heldUntilMs.delete(held);
		if (!this.#heldUntilMs.has(body) && this.#heldUntilMs.size >= BODIES_AT_ONCE) {
			throw new AppError(
				'upstream_unavailable',
				'Too many photos are arriving at this moment, and this one was not stored. Send it again in a few seconds.',
			);
		}
		this.#heldUntilMs.set(body, nowMs + SILENT_MS);
	}

	free(body: symbol): void {
		this.#heldUntilMs.delete(body);
	}
}
