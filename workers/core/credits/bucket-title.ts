import type { GrantSource } from './statements';
import { welcomeEntryId } from './statements';

export interface TitledBucket {
	/** The id of the entry that granted it. */
	id: string;
	accountId: string;
	source: GrantSource;
	createdAtMs: number;
}

/**
 * What people know a grant's credits by: "November plan", "Pack of 3 September", "Credits to start with". Days are UTC's; a
 * year is said where it is not this one.
 */
export function bucketTitle(bucket: TitledBucket, nowMs: number): string {
	const { id, accountId, source, createdAtMs } = bucket;
	switch (source) {
		case 'plan':
			return `${monthOf(createdAtMs, nowMs)} plan`;
		case 'pack':
			return `Pack of ${dayOf(createdAtMs, nowMs)}`;
		case 'refund':
			return 'Given back';
		case 'promo':
			return id === welcomeEntryId(accountId)
				? 'Credits to start with'
				: `Credits added on ${dayOf(createdAtMs, nowMs)}`;
	}
}

/** "3 September", "3 September 2025". */
function dayOf(atMs: number, nowMs: number): string {
	return written(atMs, { day: 'numeric', month: 'long', ...yearBeside(atMs, nowMs) });
}

/** "November", "December 2025". */
function monthOf(atMs: number, nowMs: number): string {
	return written(atMs, { month: 'long', ...yearBeside(atMs, nowMs) });
}

function yearBeside(atMs: number, nowMs: number): Intl.DateTimeFormatOptions {
	return new Date(atMs).getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? {} : { year: 'numeric' };
}

function written(atMs: number, options: Intl.DateTimeFormatOptions): string {
	return new Date(atMs).toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
}
