import type { Stage, Tool } from '../../../studios/studio';
import type { ProcessorFailure } from '../gateways/processor';
import { toRenderFailure } from './failure-sentences';
import { isTerminal, type RenderState } from './render-state';
import type { RenderFailure } from './settle-render';

/** How often one stage is submitted at most. Lost answers make us pay twice, the customer never (J5). */
export const ATTEMPTS_MAX = 3;

export interface AttemptView {
	id: string;
	stage: string;
	number: number;
	state: 'intent' | 'submitted' | 'unknown' | 'done' | 'failed' | 'abandoned';
	deadlineAtMs: number;
	failure: Pick<ProcessorFailure, 'code' | 'message' | 'isRetryable'> | null;
}

export interface RenderWork {
	state: RenderState;
	deadlineAtMs: number;
	tool: Tool | undefined;
	attempts: readonly AttemptView[];
	/** The stages whose output is stored. */
	finishedStages: ReadonlySet<string>;
	/** Whether what was ordered can still be read; not once its key was erased. */
	isInputThere: boolean;
	isSourceThere: boolean;
	isConsentValid: boolean;
	isConsentRevoked: boolean;
	/** The account's or the patient's processing is restricted (Art. 18): it ends before anything else is asked. */
	isRestricted: boolean;
}

export type Step =
	| { kind: 'rest' }
	| { kind: 'end'; event: 'all_stages_done' | 'deadline_passed' | 'refused'; failure?: RenderFailure }
	| { kind: 'start'; stage: Stage; number: number }
	| { kind: 'collect'; stage: Stage; attempt: AttemptView };

/** What a render needs next, from its rows alone. Pure, so every order of events can be tried. */
export function nextStep(work: RenderWork, nowMs: number): Step {
	if (isTerminal(work.state)) return { kind: 'rest' };
	const { tool } = work;
	if (!work.isInputThere) return refuse('erased');
	if (work.isRestricted) return refuse('processing_restricted');
	if (tool === undefined) return refuse('tool_gone');
	if (nowMs >= work.deadlineAtMs) {
		return { kind: 'end', event: 'deadline_passed', failure: toRenderFailure({ code: 'no_answer', message: null }) };
	}
	const stage = tool.stages.find(({ id }) => !work.finishedStages.has(id));
	// Before what is finished: nobody pays for what is deleted the moment it is there.
	if (tool.needsConsent && work.isConsentRevoked) return refuse('consent_ended');
	if (stage === undefined) return { kind: 'end', event: 'all_stages_done' };
	if (tool.needsConsent && !work.isConsentValid) return refuse('consent_ended');
	if (tool.needsSource && !work.isSourceThere) return refuse('photo_gone');

	const last = work.attempts
		.filter((attempt) => attempt.stage === stage.id)
		.toSorted((a, b) => a.number - b.number)
		.at(-1);
	if (last === undefined) return { kind: 'start', stage, number: 1 };
	switch (last.state) {
		case 'intent':
		case 'submitted':
		case 'unknown':
			return { kind: 'collect', stage, attempt: last };
		case 'failed': {
			const failure = last.failure ?? { code: 'no_answer', message: null, isRetryable: true };
			const mayTryAgain = failure.isRetryable && last.number < ATTEMPTS_MAX;
			if (mayTryAgain) return { kind: 'start', stage, number: last.number + 1 };
			return { kind: 'end', event: 'refused', failure: toRenderFailure(failure) };
		}
		case 'done':
		case 'abandoned':
			// An output and its attempt are written together, so these belong to a render that has ended.
			return { kind: 'rest' };
	}
}

function refuse(code: string): Step {
	return { kind: 'end', event: 'refused', failure: toRenderFailure({ code, message: null }) };
}
