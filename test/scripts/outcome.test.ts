import { expect, test } from 'vitest';

import type { FinishedJob } from '../../scripts/start/main-job';
import { emptyOutcome, outcomeOf } from '../../scripts/start/outcome';

const file = { path: '/out/after.png', bytes: 9, width: 720, height: 1280, seconds: null };
const video = { path: '/out/smile.mp4', bytes: 900, width: 720, height: 1280, seconds: 5 };
const credits = { before: 60, held: 20, charged: 20, after: 40 };
const noDeletion = { deleted: false, receiptPath: null };

function finished(state: FinishedJob['render']['state'], files: FinishedJob['files'], message?: string): FinishedJob {
	const render = {
		id: 'rnd_1',
		state,
		stage: null,
		progress: 1,
		stages: [],
		assets: [],
		credits: { held: 20, charged: 20 },
		source: null,
		sourceDeleteAt: null,
		...(message === undefined ? {} : { error: { message } }),
	};
	return { render, credits, files };
}

test('a finished job is told with its files, its credits and what became of the photo', () => {
	const deletion = { deleted: true, receiptPath: '/out/receipt.json' };
	const outcome = outcomeOf('dental', finished('succeeded', { video, after: file }), deletion, Date.now() - 1250);
	expect(outcome).toEqual({
		ok: true,
		studio: 'dental',
		renderId: 'rnd_1',
		state: 'succeeded',
		video,
		after: { path: file.path },
		credits,
		source: deletion,
		elapsedSeconds: expect.closeTo(1.2, 0),
	});
});

test('a studio without a video shows its picture as the after picture', () => {
	const outcome = outcomeOf('image', finished('succeeded', { picture: file }), noDeletion, Date.now());
	expect(outcome).toMatchObject({ ok: true, video: null, after: { path: file.path } });
});

test.each([
	['The mouth is closed.', 'The mouth is closed.'],
	[undefined, 'The render ended failed.'],
])('a failed job says why: %s', (message, error) => {
	expect(outcomeOf('dental', finished('failed', {}, message), noDeletion, Date.now())).toMatchObject({
		ok: false,
		error,
	});
});

test('a failure has the keys of a success, so that one reader reads both', () => {
	const success = outcomeOf('dental', finished('succeeded', { video, after: file }), noDeletion, Date.now());
	expect(Object.keys(emptyOutcome('dental', Date.now()))).toEqual(Object.keys(success));
});
