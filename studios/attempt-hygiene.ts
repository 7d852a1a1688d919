/** What was done so that a processor keeps nothing of one attempt (N6). Recorded when it happened; null: it did not, or not yet. */
export interface AttemptHygiene {
	/** How long the address of the input lived, in seconds; null: the request carried none. */
	inputUrlSeconds: number | null;
	/** The request's headers about keeping, as they were sent. */
	headers: Readonly<Record<string, string>>;
	/** When the output was copied to our own store, milliseconds since 1970. */
	copiedAtMs: number | null;
	/** When the processor said that it deleted its payloads. */
	deletedAtMs: number | null;
	/** What each address answered when it was asked for again afterwards: a status each, and never the address itself. */
	seenGone: readonly number[];
	verifiedAtMs: number | null;
}
