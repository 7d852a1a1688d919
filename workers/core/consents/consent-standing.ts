import { lte, ne, or, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { consentStateAt, type ConsentState } from './consent-elements';
import { ENDS_SOON_DAYS, endsSoon } from './read-consent';

const DAY_MS = 86_400_000;

/** How a consent stands, wherever something shows that rests on it. */
export interface ConsentStanding {
	id: string;
	state: ConsentState;
	/** In force, with an end within 30 days. */
	endsSoon: boolean;
	/** Some of what was signed was taken back since. */
	isNarrowed: boolean;
	expiresAt: string | null;
}

type StandingRow = Pick<typeof consents.$inferSelect, 'state' | 'expiresAtMs' | 'narrowedAtMs'>;

/** Of what a query joined; null where nothing was: no consent is known. Pure. */
export function standingOf(
	consentId: string | null,
	consent: StandingRow | null,
	nowMs: number,
): ConsentStanding | null {
	if (consentId === null || consent === null) return null;
	const { expiresAtMs, narrowedAtMs } = consent;
	const state = consentStateAt(consent.state, expiresAtMs, nowMs);
	return {
		id: consentId,
		state,
		endsSoon: endsSoon(state, expiresAtMs, nowMs),
		isNarrowed: narrowedAtMs !== null,
		expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
	};
}

/** Of a query that joins `consents`: one that is not in force, or not for longer than 30 days. */
export function needsAttention(nowMs: number): SQL | undefined {
	return or(ne(consents.state, 'active'), lte(consents.expiresAtMs, nowMs + ENDS_SOON_DAYS * DAY_MS));
}
