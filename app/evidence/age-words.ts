const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface AgePart {
	readonly value: number;
	readonly unit: string;
}

/** The two largest units of a time: 23 h 41 min, 89 d 21 h, 2 y 3 d. Under a minute: 0 min, for a second says nothing here. */
export function agePartsOf(ms: number): AgePart[] {
	const years = Math.floor(ms / (365 * DAY_MS));
	const days = Math.floor(ms / DAY_MS);
	const hours = Math.floor(ms / HOUR_MS);
	const minutes = Math.floor(ms / MINUTE_MS);
	if (years > 0) return shown({ value: years, unit: 'y' }, { value: days - years * 365, unit: 'd' });
	if (days >= 2) return shown({ value: days, unit: 'd' }, { value: hours - days * 24, unit: 'h' });
	if (hours > 0) return shown({ value: hours, unit: 'h' }, { value: minutes - hours * 60, unit: 'min' });
	return [{ value: minutes, unit: 'min' }];
}

export function ageWords(ms: number): string {
	return agePartsOf(ms)
		.map(({ value, unit }) => `${value.toLocaleString('en')} ${unit}`)
		.join(' ');
}

/** A promise in the words of a policy: 24 hours, 30 days, 24 months, 3 years. */
export function promiseWords(ms: number): string {
	const days = Math.round(ms / DAY_MS);
	if (ms < 2 * DAY_MS) return countOf(Math.round(ms / HOUR_MS), 'hour');
	if (days % 366 === 0) return countOf(days / 366, 'year');
	if (days === 731) return '24 months';
	return countOf(days, 'day');
}

function shown(large: AgePart, small: AgePart): AgePart[] {
	return small.value === 0 ? [large] : [large, small];
}

function countOf(count: number, unit: string): string {
	return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
