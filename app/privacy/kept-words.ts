import type { DataClassPolicy, Retention } from '../../studios/policy/policy';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Until when something is kept, as a promise: "24 hours after what is made from it has ended". */
export function untilWords(retention: Retention): string {
	switch (retention.mode) {
		case 'until_deleted':
			return 'Kept until you delete it';
		case 'duration':
			return `Deleted ${spanWords(retention.ms)} ${retention.anchor}`;
		case 'statutory':
			return `Kept for ${retention.years} years: ${retention.why}`;
		case 'for_good':
			return `Kept for good: ${retention.why}`;
	}
}

const BASES: Readonly<Record<DataClassPolicy['basis'], string>> = {
	contract: 'needed for what you ordered',
	law: 'the law asks for it',
	interest: 'our interest, which you can object to',
	consent: 'you allowed it, and can take that back',
};

/** Why, and on what it rests: "To let you in. Needed for what you ordered." */
export function whyWords({ purposes, basis }: Pick<DataClassPolicy, 'purposes' | 'basis'>): string {
	const why = purposes.join(' and ');
	return `${upper(why)}; ${BASES[basis]}`;
}

/** "24 hours", "14 days", "24 months", "3 years": as the policy says it. */
export function spanWords(ms: number): string {
	const days = ms / DAY_MS;
	if (days < 2) return counted(Math.round(ms / HOUR_MS), 'hour');
	if (days >= 365 && days % 366 === 0) return counted(days / 366, 'year');
	if (days === 731) return '24 months';
	return counted(Math.round(days), 'day');
}

/** "1 entry", "1,204 entries". */
export function entryWords(count: number): string {
	return count === 1 ? '1 entry' : `${count.toLocaleString('en')} entries`;
}

function counted(count: number, one: string): string {
	return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

function upper(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
