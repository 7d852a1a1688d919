import type { StudioSlug } from '../../studios/studio';
import type { FinishedJob } from './main-job';
import type { Deletion } from './watch-deletion';

/** What `--once` prints as its last line; a failure has the same keys and says why in `error`. */
export interface Outcome {
	ok: boolean;
	studio: StudioSlug;
	renderId: string | null;
	state: string | null;
	video: { path: string; bytes: number; width: number | null; height: number | null; seconds: number | null } | null;
	after: { path: string } | null;
	credits: { before: number; held: number; charged: number; after: number } | null;
	/** What became of the photo; a render without one has nothing to delete. */
	source: { deleted: boolean; receiptPath: string | null };
	elapsedSeconds: number;
	error?: string;
}

function elapsedSeconds(startedMs: number): number {
	return Math.round((Date.now() - startedMs) / 100) / 10;
}

/** Nothing was rendered: a studio without tools, or a start that failed. */
export function emptyOutcome(studio: StudioSlug, startedMs: number): Outcome {
	return {
		ok: false,
		studio,
		renderId: null,
		state: null,
		video: null,
		after: null,
		credits: null,
		source: { deleted: false, receiptPath: null },
		elapsedSeconds: elapsedSeconds(startedMs),
	};
}

/** A picture of a studio without a video takes the place of the after picture. */
export function outcomeOf(studio: StudioSlug, job: FinishedJob, deletion: Deletion, startedMs: number): Outcome {
	const { render, files, credits } = job;
	const picture = files['after'] ?? files['picture'];
	return {
		...emptyOutcome(studio, startedMs),
		ok: render.state === 'succeeded',
		renderId: render.id,
		state: render.state,
		video: files['video'] ?? null,
		after: picture === undefined ? null : { path: picture.path },
		credits,
		source: deletion,
		...(render.state === 'succeeded' ? {} : { error: render.error?.message ?? `The render ended ${render.state}.` }),
	};
}
