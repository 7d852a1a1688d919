import type { Stage } from '../../../studios/studio';
import { isTerminal, type RenderState } from './render-state';

export interface AttemptFacts {
	stage: string;
	number: number;
	state: 'intent' | 'submitted' | 'unknown' | 'done' | 'failed' | 'abandoned';
	createdAtMs: number;
	finishedAtMs: number | null;
}

export interface StageView {
	id: string;
	title: string;
	doing: string;
	state: 'to_do' | 'doing' | 'done' | 'failed';
	tries: number;
	startedAt: string | null;
	finishedAt: string | null;
	expectedSeconds: number;
}

/** The most a running stage shows of its own share: only its end proves the rest. */
const STAGE_SHARE_MAX = 0.95;
/** Between the last output and the render's outcome everything is done but nothing is proved. */
const UNSETTLED_MAX = 0.99;

export function viewStages(
	stages: readonly Stage[],
	attempts: readonly AttemptFacts[],
	renderState: RenderState,
): StageView[] {
	return stages.map((stage) => {
		const tries = attempts.filter((attempt) => attempt.stage === stage.id).toSorted((a, b) => a.number - b.number);
		const first = tries[0];
		const last = tries.at(-1);
		return {
			id: stage.id,
			title: stage.title,
			doing: stage.doing,
			state: stateOf(last, renderState),
			tries: tries.length,
			startedAt: toIso(first?.createdAtMs ?? null),
			finishedAt: last?.state === 'done' ? toIso(last.finishedAtMs) : null,
			expectedSeconds: stage.expectedSeconds,
		};
	});
}

/** 0 to 1, and 1 only for a success: finished stages by their usual time, and for the one in hand an estimate that slows before its end. */
export function progressOf(views: readonly StageView[], renderState: RenderState, nowMs: number): number {
	if (renderState === 'succeeded') return 1;
	const total = views.reduce((sum, view) => sum + view.expectedSeconds, 0);
	if (total === 0) return 0;
	const done = views.reduce((sum, view) => {
		if (view.state === 'done') return sum + view.expectedSeconds;
		if (view.state !== 'doing' || view.startedAt === null) return sum;
		const elapsed = Math.max(0, nowMs - Date.parse(view.startedAt)) / 1000;
		// Halfway at 0.7 of the usual time, never at the end: 1 − e^(−t/T) has no jump when a stage takes longer.
		return sum + view.expectedSeconds * STAGE_SHARE_MAX * (1 - Math.exp(-elapsed / view.expectedSeconds));
	}, 0);
	return Math.min(UNSETTLED_MAX, Math.round((done / total) * 1000) / 1000);
}

function stateOf(last: AttemptFacts | undefined, renderState: RenderState): StageView['state'] {
	if (last === undefined) return 'to_do';
	// A late answer to an earlier try may have been the one taken, so a success finishes every stage.
	if (last.state === 'done' || renderState === 'succeeded') return 'done';
	return isTerminal(renderState) ? 'failed' : 'doing';
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
