import { expect, test } from 'vitest';

import { dental } from '../../../studios/dental';
import { type AttemptView, nextStep, type RenderWork } from '../../../workers/core/renders/next-step';
import { progressOf, viewStages, type AttemptFacts } from '../../../workers/core/renders/progress';

const [tool] = dental.tools;
const stages = tool?.stages ?? [];
const NOW = 1_000_000;

function work(changed: Partial<RenderWork> = {}): RenderWork {
	return {
		state: 'queued',
		deadlineAtMs: NOW + 1,
		tool,
		attempts: [],
		finishedStages: new Set(),
		isInputThere: true,
		isSourceThere: true,
		isConsentValid: true,
		isConsentRevoked: false,
		isRestricted: false,
		...changed,
	};
}

function attempt(state: AttemptView['state'], changed: Partial<AttemptView> = {}): AttemptView {
	return { id: 'a', stage: 'after_image', number: 1, state, deadlineAtMs: NOW, failure: null, ...changed };
}

const both = new Set(['after_image', 'motion']);
const retryable = { code: 'status_503', message: null, isRetryable: true };
const final = { code: 'no_face', message: 'No face.', isRetryable: false };

test.each<[string, Partial<RenderWork>, object]>([
	['a new render starts its first stage', {}, { kind: 'start', stage: { id: 'after_image' }, number: 1 }],
	[
		'a stored first stage leads to the second',
		{ state: 'running', finishedStages: new Set(['after_image']) },
		{ kind: 'start', stage: { id: 'motion' }, number: 1 },
	],
	[
		'all stages stored is the end',
		{ state: 'running', finishedStages: both },
		{ kind: 'end', event: 'all_stages_done' },
	],
	[
		'a deadline comes before everything but the end',
		{ finishedStages: both, deadlineAtMs: NOW },
		{ kind: 'end', event: 'deadline_passed', failure: { code: 'no_answer' } },
	],
	[
		'a tool that is gone refuses',
		{ tool: undefined },
		{ kind: 'end', event: 'refused', failure: { code: 'tool_gone' } },
	],
	[
		'a consent that ended refuses',
		{ isConsentValid: false },
		{ kind: 'end', event: 'refused', failure: { code: 'consent_ended' } },
	],
	[
		'restricted processing refuses, also what is finished',
		{ state: 'running', finishedStages: both, isRestricted: true },
		{ kind: 'end', event: 'refused', failure: { code: 'processing_restricted' } },
	],
	[
		'an order that was erased refuses, also what is finished',
		{ state: 'running', finishedStages: both, isInputThere: false },
		{ kind: 'end', event: 'refused', failure: { code: 'erased' } },
	],
	[
		'a photo that is gone refuses',
		{ isSourceThere: false },
		{ kind: 'end', event: 'refused', failure: { code: 'photo_gone' } },
	],
	[
		'a consent that was revoked refuses, also what is finished',
		{ state: 'running', finishedStages: both, isConsentValid: false, isConsentRevoked: true },
		{ kind: 'end', event: 'refused', failure: { code: 'consent_ended' } },
	],
	[
		'finished work is settled though the consent is over and the photo gone',
		{ state: 'running', finishedStages: both, isConsentValid: false, isSourceThere: false },
		{ kind: 'end', event: 'all_stages_done' },
	],
	['an intent is collected', { attempts: [attempt('intent')] }, { kind: 'collect', attempt: { state: 'intent' } }],
	['a submission is collected', { attempts: [attempt('submitted')] }, { kind: 'collect' }],
	['a silent one is collected', { attempts: [attempt('unknown')] }, { kind: 'collect' }],
	[
		'a failure that may pass is tried again',
		{ attempts: [attempt('failed', { failure: retryable })] },
		{ kind: 'start', number: 2 },
	],
	[
		'the newest try counts, in whatever order they come',
		{ attempts: [attempt('submitted', { number: 2 }), attempt('failed', { failure: retryable })] },
		{ kind: 'collect', attempt: { number: 2 } },
	],
	[
		'the third failure is the last',
		{ attempts: [attempt('failed', { number: 3, failure: retryable })] },
		{ kind: 'end', event: 'refused', failure: { code: 'status_503' } },
	],
	[
		'a failure for good ends at once',
		{ attempts: [attempt('failed', { failure: final })] },
		{ kind: 'end', event: 'refused', failure: { code: 'no_face', message: 'No face.' } },
	],
	['a given-up attempt rests', { attempts: [attempt('abandoned')] }, { kind: 'rest' }],
])('%s', (_title, changed, expected) => {
	expect(nextStep(work(changed), NOW)).toMatchObject(expected);
});

test.each(['succeeded', 'failed', 'cancelled', 'expired'] as const)('a render that is %s rests', (state) => {
	expect(nextStep(work({ state, deadlineAtMs: 0 }), NOW)).toEqual({ kind: 'rest' });
});

function tried(stage: string, state: AttemptFacts['state'], number: number, createdAtMs: number): AttemptFacts {
	return { stage, number, state, createdAtMs, finishedAtMs: state === 'done' ? createdAtMs + 1000 : null };
}

test('progress never falls and is 1 for a success only', () => {
	const tries: AttemptFacts[][] = [
		[],
		[tried('after_image', 'submitted', 1, 0)],
		[tried('after_image', 'failed', 1, 0), tried('after_image', 'submitted', 2, 90_000)],
		[tried('after_image', 'failed', 1, 0), tried('after_image', 'done', 2, 90_000)],
		[tried('after_image', 'done', 1, 0), tried('motion', 'submitted', 1, 200_000)],
		[tried('after_image', 'done', 1, 0), tried('motion', 'done', 1, 200_000)],
	];
	let last = 0;
	for (let nowMs = 0; nowMs < 600_000; nowMs += 1000) {
		const progress = progressOf(
			viewStages(stages, tries[Math.floor(nowMs / 100_000)] ?? [], 'running'),
			'running',
			nowMs,
		);
		expect(progress).toBeGreaterThanOrEqual(last);
		expect(progress).toBeLessThan(1);
		last = progress;
	}
	const views = viewStages(stages, tries[5] ?? [], 'succeeded');
	expect(progressOf(views, 'succeeded', 600_000)).toBe(1);
});

test('a stage says what it is doing, how often it was tried, and how it ended', () => {
	const tries = [
		tried('after_image', 'failed', 1, 0),
		tried('after_image', 'done', 2, 5000),
		tried('motion', 'abandoned', 1, 9000),
	];
	expect(viewStages(stages, tries, 'cancelled')).toMatchObject([
		{
			id: 'after_image',
			state: 'done',
			tries: 2,
			startedAt: '1970-01-01T00:00:00.000Z',
			finishedAt: '1970-01-01T00:00:06.000Z',
		},
		{ id: 'motion', state: 'failed', tries: 1, finishedAt: null },
	]);
	expect(viewStages(stages, tries.slice(0, 1), 'running')).toMatchObject([
		{ state: 'doing', tries: 1 },
		{ state: 'to_do', tries: 0, startedAt: null },
	]);
	expect(viewStages(stages, tries, 'succeeded').map(({ state }) => state)).toEqual(['done', 'done']);
});
