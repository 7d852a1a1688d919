import type { DataClass } from '../../../studios/policy/policy';

/**
 * What is measured beside the classes of the policy. `processor_copy`: what a processor still holds of an order that ended.
 * `request_open`: requests about rights that wait for an answer. `erasure`: those under way. `erasure_done`: those that ended in the
 * last 30 days, where the age is the longest that one took; `erasure_p95`: the same, with the time that 95 in 100 took at most.
 * `hold`: what the law forbids to delete.
 */
export const EXTRA_CLASSES = [
	'processor_copy',
	'request_open',
	'erasure',
	'erasure_done',
	'erasure_p95',
	'hold',
] as const;

export type EvidenceClass = DataClass | (typeof EXTRA_CLASSES)[number];

/** Counts stop here, so that measuring takes as long for a large service as for a small one; the page says "or more". */
export const COUNT_MAX = 10_000;

/** How many, the earliest moment at which a clock of theirs started, and how many should be gone. */
export interface Measured {
	held: number;
	sinceMs: number | null;
	late: number;
}
