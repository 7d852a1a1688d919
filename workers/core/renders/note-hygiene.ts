import { sql, type SQL } from 'drizzle-orm';

import { attempts } from '../../../schema/renders';
import type { AttemptHygiene } from '../../../studios/attempt-hygiene';

/** What is known of an attempt's hygiene from the moment its request was sent. */
export type SentHygiene = Pick<AttemptHygiene, 'inputUrlSeconds' | 'headers'>;

const NOTHING_NOTED: AttemptHygiene = {
	inputUrlSeconds: null,
	headers: {},
	copiedAtMs: null,
	deletedAtMs: null,
	seenGone: [],
	verifiedAtMs: null,
};

/**
 * Adds to what an attempt's row says already, in the statement that is written anyway: each moment is noted by whoever saw it,
 * and what nobody saw stays as it was (N6).
 */
export function noteHygiene(part: Partial<AttemptHygiene>): SQL<AttemptHygiene> {
	const changes = Object.entries(part).map(([key, value]) => sql`, ${`$.${key}`}, json(${JSON.stringify(value)})`);
	return sql`json_set(coalesce(${attempts.hygiene}, ${JSON.stringify(NOTHING_NOTED)})${sql.join(changes)})`;
}
