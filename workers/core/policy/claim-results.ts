import { z } from 'zod';

/** What became of one claim's tests. */
const ClaimResult = z.object({
	state: z.enum(['passed', 'failed', 'not_run']),
	/** Its tests, as many as ran and as many as passed. */
	ran: z.int(),
	passed: z.int(),
});

/** What `npm test` writes at its end, and a build carries: the result of each claim's tests, of exactly these files. */
export const ClaimResults = z.object({
	/** When the tests ended. */
	at: z.iso.datetime(),
	/** Of git, where there is one. */
	commit: z.string().nullable(),
	/** SHA-256 of the files that the tests ran over and the build is made of. */
	files: z.string(),
	claims: z.record(z.string(), ClaimResult),
});
export type ClaimResults = z.infer<typeof ClaimResults>;

declare const CLAIM_RESULTS: unknown;

/** The results that this build was made with; null where it was made without, or of other files. */
export function builtClaimResults(): ClaimResults | null {
	return typeof CLAIM_RESULTS === 'undefined' ? null : (ClaimResults.safeParse(CLAIM_RESULTS).data ?? null);
}
