import type { Claim, ClaimState, Policy } from './answers';

const SECOND_MS = 1_000;
const UNITS = [
	{ ms: 86_400 * SECOND_MS, one: 'day' },
	{ ms: 3_600 * SECOND_MS, one: 'hour' },
	{ ms: 60 * SECOND_MS, one: 'minute' },
] as const;

const DAYS_OF_YEAR = 365;

/** "24 hours", "14 days", "2 years (731 days)": in the largest unit that leaves nothing over; a single day is 24 hours. */
export function lengthWords(ms: number): string {
	const days = ms / UNITS[0].ms;
	const years = Math.floor(days / DAYS_OF_YEAR);
	// Each year may be a leap year.
	if (years > 0 && Number.isInteger(days) && days % DAYS_OF_YEAR <= years) {
		return `${counted(years, 'year')} (${counted(days, 'day')})`;
	}
	const unit = UNITS.find((each) => ms % each.ms === 0 && ms / each.ms > 1) ?? UNITS.find((each) => ms % each.ms === 0);
	if (unit === undefined) return `${Math.ceil(ms / SECOND_MS)} seconds`;
	return counted(ms / unit.ms, unit.one);
}

export function counted(count: number, one: string): string {
	return count === 1 ? `1 ${one}` : `${count.toLocaleString('en-GB')} ${one}s`;
}

/** How long a class stays, and from when. */
export function retentionWords(retention: Policy['data'][number]['retention']): { until: string; why: string } {
	switch (retention.mode) {
		case 'until_deleted':
			return { until: 'Until you delete it', why: 'With the account at the latest.' };
		case 'duration':
			return { until: lengthWords(retention.ms), why: sentence(retention.anchor) };
		case 'statutory':
			return { until: counted(retention.years, 'year'), why: sentence(retention.why) };
		case 'for_good':
			return { until: 'For good', why: sentence(retention.why) };
	}
}

/** "to show it" → "To show it." */
export function sentence(words: string): string {
	const whole = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
	return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

export const BASIS_WORDS: Readonly<Record<Policy['data'][number]['basis'], string>> = {
	contract: 'Contract, Art. 6(1)(b)',
	law: 'Law, Art. 6(1)(c)',
	interest: 'Interest, Art. 6(1)(f)',
	consent: 'Consent, Art. 6(1)(a)',
};

export const TRANSFER_WORDS: Readonly<Record<Policy['processors'][number]['transfer'], string>> = {
	scc: 'Transfers rest on standard contractual clauses.',
	dpf: 'Transfers rest on the Data Privacy Framework.',
	none: 'Nothing of a person goes there.',
};

const STATE_WORDS: Readonly<Record<ClaimState, { chip: 'kept' | 'soon' | 'stop' | 'hand'; word: string }>> = {
	kept: { chip: 'kept', word: 'Kept' },
	attested: { chip: 'soon', word: 'Attested' },
	stale: { chip: 'stop', word: 'Attestation over' },
	waiting: { chip: 'hand', word: 'Not proved yet' },
	broken: { chip: 'stop', word: 'Broken' },
};

/** A claim's chip. What only people can vouch for, and nobody has, is not called unproved. */
export function chipOf({ state, grade }: Pick<Claim, 'state' | 'grade'>) {
	return state === 'waiting' && grade === 'E5' ? { chip: 'soon' as const, word: 'Not attested' } : STATE_WORDS[state];
}

const STATES: readonly ClaimState[] = ['kept', 'attested', 'waiting', 'stale', 'broken'];
const TALLY_WORDS: Readonly<Record<ClaimState, string>> = {
	kept: 'kept and checked by machine',
	attested: 'resting on people and paper',
	waiting: 'not proved or attested yet',
	stale: 'with an attestation that is over',
	broken: 'broken',
};

/** "45 promises: 41 kept and checked by machine, 4 resting on people and paper, 0 broken." What is none is left out, but for broken. */
export function tallyWords(claims: readonly Pick<Claim, 'state'>[]): string {
	const parts = STATES.map((state) => ({ state, count: claims.filter((claim) => claim.state === state).length }))
		.filter(({ state, count }) => count > 0 || state === 'broken')
		.map(({ state, count }) => `${count === 0 ? 'none' : count} ${TALLY_WORDS[state]}`);
	return `${counted(claims.length, 'promise')}: ${parts.join(', ')}.`;
}

/** Broken promises first, wherever they belong: nobody should have to look for them. */
export function brokenOf<One extends Pick<Claim, 'state'>>(claims: readonly One[]): One[] {
	return claims.filter(({ state }) => state === 'broken' || state === 'stale');
}

/** How old the oldest is that is held, in words; null where nothing is. */
export function oldestWords({ evidence }: Pick<Claim, 'evidence'>): string | null {
	if (evidence === null) return null;
	if (evidence.held === 0 || evidence.oldestAgeMs === null) return 'Nothing is held now.';
	const minutes = Math.floor(evidence.oldestAgeMs / 60_000);
	const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
	return `Oldest now ${hours} h ${rest} min.`;
}
