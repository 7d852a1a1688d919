import { and, desc, eq, isNull, or, sql, type SQL } from 'drizzle-orm';

import { choices } from '../../../schema/choices';
import type { ChoicePurpose } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { mayCountFor } from './newest-own';
import type { Choice, Regime } from './regime';

/** Whose choices: of a person, of a browser's cookie, or of both. */
export interface Chooser {
	userId?: string | null;
	visitorId?: string | null;
}

export interface NewestChoice {
	purpose: ChoicePurpose;
	choice: Choice;
	regime: Regime;
	hasGpc: boolean;
	madeAtMs: number;
}

/**
 * The newest choice of each purpose; none where nothing was chosen. A person's are theirs on every device; those of a browser that
 * somebody else has signed in with since are that person's, and are left out for whoever is signed in now, as is a yes of the browser
 * against the person's own no. One D1 statement, and none without anybody to ask for.
 */
export async function readChoices({ db }: Pick<Deps, 'db'>, chooser: Chooser): Promise<NewestChoice[]> {
	const whose = isOf(chooser);
	if (whose === undefined) return [];
	const ranked = db
		.select({
			purpose: choices.purpose,
			choice: choices.choice,
			regime: choices.regime,
			hasGpc: choices.hasGpc,
			madeAtMs: choices.madeAtMs,
			// Two of the same millisecond are told apart by which was written later.
			rank: sql<number>`row_number() over (partition by ${choices.purpose} order by ${choices.madeAtMs} desc, ${choices}.rowid desc)`.as(
				'rank',
			),
		})
		.from(choices)
		.where(whose)
		.as('ranked');
	const rows = await db.select().from(ranked).where(eq(ranked.rank, 1));
	return rows.map(({ rank: _rank, ...newest }) => newest);
}

/** What was chosen last for one purpose, and under which circumstances. */
export async function readNewestChoice(
	{ db }: Pick<Deps, 'db'>,
	{ purpose, ...chooser }: Chooser & { purpose: ChoicePurpose },
): Promise<NewestChoice | null> {
	const whose = isOf(chooser);
	if (whose === undefined) return null;
	const [newest] = await db
		.select({
			purpose: choices.purpose,
			choice: choices.choice,
			regime: choices.regime,
			hasGpc: choices.hasGpc,
			madeAtMs: choices.madeAtMs,
		})
		.from(choices)
		.where(and(whose, eq(choices.purpose, purpose)))
		.orderBy(desc(choices.madeAtMs), desc(sql`${choices}.rowid`))
		.limit(1);
	return newest ?? null;
}

/** What was chosen last for one purpose; null: nothing was. */
export async function readChoice(
	deps: Pick<Deps, 'db'>,
	input: Chooser & { purpose: ChoicePurpose },
): Promise<Choice | null> {
	return (await readNewestChoice(deps, input))?.choice ?? null;
}

function isOf({ userId = null, visitorId = null }: Chooser): SQL | undefined {
	if (userId === null) return visitorId === null ? undefined : eq(choices.visitorId, visitorId);
	if (visitorId === null) return eq(choices.userId, userId);
	const isBrowsers = and(eq(choices.visitorId, visitorId), isNull(choices.userId), mayCountFor(userId));
	return or(eq(choices.userId, userId), isBrowsers);
}
