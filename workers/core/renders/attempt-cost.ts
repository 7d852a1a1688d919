import type { Stage } from '../../../studios/studio';
import type { ProcessorFailure } from '../gateways/processor';

/** Nothing came back: whether anything was done there is not known. */
const NO_ANSWER = 'no_answer';
/** The job was done, and what it made could not be had or used. */
const AFTER_THE_JOB = /^(?:output_|unexpected_output$)/;

/**
 * What a failed attempt cost, in millionths of a US dollar; null where that is not known. fal takes nothing for its own trouble,
 * which is retryable and says nothing about the input; for an input that it refuses it may. What OpenAI takes for a failure it does
 * not say (facts: protocols §1.4).
 */
export function costOfFailure(
	stage: Pick<Stage, 'processor' | 'costMicros'>,
	{ code, message, isRetryable }: Pick<ProcessorFailure, 'code' | 'message' | 'isRetryable'>,
): number | null {
	if (AFTER_THE_JOB.test(code)) return stage.costMicros;
	const isItsOwnTrouble = stage.processor === 'fal' && isRetryable && message === null && code !== NO_ANSWER;
	return isItsOwnTrouble ? 0 : null;
}
