import type { attempts } from '../../../schema/renders';
import { parseFailure } from './load-work';

/**
 * What fal may hold of an attempt. `named`: something under an id we know, which can be asked for and deleted. `maybe`:
 * the submission's answer never came, so a job may run under an id we do not know (F45). `none`: it was refused, or
 * fal was not asked at all.
 */
export type FalTrace = 'none' | 'named' | 'maybe';

/**
 * After this, fal holds nothing of a submission whose answer was lost: our input address ended after 15 minutes, fal
 * repeats a job for minutes, and the files it made live an hour, as every submission asks.
 */
export const LOST_JOB_MS = 2 * 3_600_000;

type TracedAttempt = Pick<typeof attempts.$inferSelect, 'processor' | 'requestId' | 'state' | 'failure'>;

export function falTraceOf(attempt: TracedAttempt): FalTrace {
	if (attempt.processor !== 'fal') return 'none';
	if (attempt.requestId !== null) return 'named';
	const isRefused = attempt.state === 'failed' && parseFailure(attempt.failure)?.code !== 'no_answer';
	return isRefused ? 'none' : 'maybe';
}
