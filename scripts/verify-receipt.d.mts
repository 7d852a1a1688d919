/** What `verify-receipt.mjs` offers to whoever imports it; files are given parsed, and nothing is promised of them. */
export class Refusal extends Error {
	/** 1: not valid. 2: it could not be checked. */
	readonly exitCode: 1 | 2;
}

export interface Files {
	readonly receipt?: unknown;
	readonly previous?: unknown;
	readonly head?: unknown;
	readonly oldHead?: unknown;
	readonly proofs: readonly unknown[];
}

/** The sentences that the command prints; throws a `Refusal` for what is not valid or could not be checked. */
export function checkAll(files: Files, keySet: unknown): string[];
