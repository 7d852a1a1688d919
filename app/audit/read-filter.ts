import type { Errors } from '../form';
import { dayAfter, startOfDay } from './day-bounds';
import { toAction } from './entry-sentence';

/** What stands in the filter's fields: '' is all of it. Days are `2026-03-31`. */
export interface AuditFilter {
	readonly who: string;
	readonly what: string;
	readonly from: string;
	readonly until: string;
}

/** How long an entry is kept; a test holds it to what the sweep does. */
export const RECORD_MONTHS = 24;

const NO_DAY = 'Type a day such as 2026-03-31, or leave it empty.';
const ID_LENGTH_MAX = 60;

/** The filter of an address, what is wrong with it, and what the api is asked; a wrong day is asked as none. */
export function readFilter(search: URLSearchParams, zone: string | null) {
	const text = (name: string) => search.get(name)?.trim() ?? '';
	const filter: AuditFilter = { who: text('who'), what: text('what'), from: text('from'), until: text('until') };
	const from = filter.from === '' ? null : startOfDay(filter.from, zone);
	// The last day counts whole.
	const lastDay = filter.until === '' ? null : dayAfter(filter.until);
	const until = lastDay === null ? null : startOfDay(lastDay, zone);
	const isTurned = from !== null && until !== null && from >= until;
	const errors: Errors<'from' | 'until'> = {
		...(filter.from !== '' && from === null ? { from: NO_DAY } : {}),
		...(filter.until !== '' && until === null ? { until: NO_DAY } : {}),
		...(isTurned ? { until: 'This is before the first day. Choose a later one.' } : {}),
	};
	const action = toAction(filter.what);
	const isWho = filter.who !== '' && filter.who.length <= ID_LENGTH_MAX;
	const query = {
		...(action === undefined ? {} : { action }),
		...(isWho ? { userId: filter.who } : {}),
		...(from === null || isTurned ? {} : { from }),
		...(until === null || isTurned ? {} : { until }),
	};
	return { filter, errors, query };
}

/** Whether it leaves anything out. */
export function isFiltered(filter: AuditFilter): boolean {
	return Object.values(filter).some((value) => value !== '');
}

/** The same filter one page on, or back at the newest with no cursor. */
export function auditPath(filter: AuditFilter, cursor: string | null): string {
	const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
	if (cursor !== null) search.set('cursor', cursor);
	const query = search.toString();
	return query === '' ? '/practice/audit' : `/practice/audit?${query}`;
}
