import { choices } from '../../../schema/choices';
import type { ChoicePurpose } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import type { Choice, Regime } from './regime';

/** Whose choice it is, and under which circumstances it was made: what proves it later (GDPR Art. 7(1)). */
export interface ChoiceMade {
	/** Of the cookie; null where there was none to go by. */
	visitorId: string | null;
	/** Null: nobody was signed in. */
	userId: string | null;
	regime: Regime;
	/** Whether the browser sent `Sec-GPC: 1` with it. */
	hasGpc: boolean;
	/** Of the words that were shown: `CHOICE_TEXT_VERSION`, or those of a mail or a settings page. */
	textVersion: string;
	surface: (typeof choices.$inferInsert)['surface'];
}

type RecordDeps = Pick<Deps, 'db' | 'now' | 'newId'>;

/**
 * One more row of the ledger; the newest of a purpose counts, and no row is ever changed but for whose it is. Choosing the same twice
 * is two rows: that somebody was asked again is part of the proof.
 */
export async function recordChoice(
	deps: RecordDeps,
	input: ChoiceMade & { purpose: ChoicePurpose; choice: Choice },
): Promise<void> {
	const { purpose, choice, ...made } = input;
	await choiceStatement(deps, made, [{ purpose, choice }]);
}

/** The same for several purposes at once, as a statement for a batch. `chosen` is not empty. */
export function choiceStatement(
	{ db, now, newId }: RecordDeps,
	made: ChoiceMade,
	chosen: readonly { purpose: ChoicePurpose; choice: Choice }[],
) {
	const madeAtMs = now().getTime();
	return db
		.insert(choices)
		.values(chosen.map(({ purpose, choice }) => ({ id: newId('choice'), ...made, purpose, choice, madeAtMs })));
}
