import type { PolicyTracker } from '../../../studios/policy/policy';
import type { BrowserPurpose } from '../../../studios/policy/trackers';
import type { Deps } from '../deps';
import { readChoices, type Chooser } from './read-choices';
import { decideTracker, type Choice, type Regime, type TrackerDecision } from './regime';

export interface Decisions {
	/** What was chosen, by purpose; null: nothing was. */
	choices: Record<BrowserPurpose, Choice | null>;
	/** Each tracker of the studio, whether it is switched on here or not. */
	trackers: ({ id: PolicyTracker['id'] } & TrackerDecision)[];
}

/**
 * What the studio's trackers may do for whoever asks, by their newest choices, the rules of where they are and their browser's
 * signal. One D1 statement, and none for a browser that has not chosen and is nobody's.
 */
export async function decideFor(
	deps: Pick<Deps, 'db' | 'studio'>,
	{ regime, hasGpc, ...chooser }: Chooser & { regime: Regime; hasGpc: boolean },
): Promise<Decisions> {
	const newest = await readChoices(deps, chooser);
	const choiceOf = (purpose: string) => newest.find((one) => one.purpose === purpose)?.choice ?? null;
	return {
		choices: {
			analytics: choiceOf('analytics'),
			advertising: choiceOf('advertising'),
			error_reports: choiceOf('error_reports'),
		},
		trackers: deps.studio.policy.trackers.map((tracker) => ({
			id: tracker.id,
			...decideTracker(tracker, { choice: choiceOf(tracker.purpose), regime, hasGpc }),
		})),
	};
}
