import type { Actor } from '../../../workers/core/actor';
import type { FakeRequest } from '../../support/fake-fal';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** How long an upload's address takes bytes, and how long after it some may still arrive. */
const ADDRESS_MS = 15 * MINUTE_MS;
const LATE_MS = 15 * MINUTE_MS;

/** A photo as its owner knows it: when it came and when it has to be gone. */
export interface YearPhoto {
	readonly id: string;
	readonly actor: Actor;
	readonly consentId: string;
	readonly objectKey: string;
	readonly createdAtMs: number;
	dueAtMs: number;
	/** What fal got of it. */
	readonly sent: FakeRequest[];
	/** Whether an order of it has ended. */
	isRendered: boolean;
	/** Whether it is gone everywhere and signed for. */
	isClosed: boolean;
}

/** A row that leaves by its age alone. */
export interface YearRow {
	readonly id: string;
	readonly dataClass: 'mail' | 'conversion';
	readonly sinceMs: number;
	readonly dueAtMs: number;
}

export interface YearAsset {
	readonly id: string;
	/** Whose it was made of. */
	readonly photoId: string;
	readonly actor: Actor;
	readonly objectKey: string;
	isDeleted: boolean;
}

/** What stands still for a while: nothing comes, the store deletes nothing, or fal forgets nothing. */
export interface Outage {
	readonly what: 'cron' | 'store' | 'fal';
	readonly fromMs: number;
	readonly untilMs: number;
}

export function isOut(outages: readonly Outage[], what: Outage['what'], atMs: number): boolean {
	return outages.some((outage) => outage.what === what && outage.fromMs <= atMs && atMs < outage.untilMs);
}

export function isAddressOver(photo: YearPhoto, atMs: number): boolean {
	return atMs >= photo.createdAtMs + ADDRESS_MS;
}

export function isForgotten({ sent }: YearPhoto): boolean {
	return sent.every(({ isHeld }) => !isHeld);
}

/** What the evidence has to say of the photos at this moment, of those that are not closed. */
export function truthOfPhotos(photos: readonly YearPhoto[], atMs: number) {
	const here = photos.filter(({ isClosed }) => !isClosed);
	const ages = here.map(({ createdAtMs, dueAtMs }) => atMs - Math.max(createdAtMs, dueAtMs - DAY_MS));
	const late = here.filter((photo) => photo.dueAtMs <= atMs - LATE_MS && isAddressOver(photo, atMs - LATE_MS));
	return { held: here.length, oldestAgeMs: ages.length === 0 ? null : Math.max(...ages), late: late.length };
}

export function truthOfRows(rows: readonly YearRow[], dataClass: YearRow['dataClass'], atMs: number) {
	const here = rows.filter((row) => row.dataClass === dataClass);
	const ages = here.map(({ sinceMs }) => atMs - sinceMs);
	const late = here.filter(({ dueAtMs }) => dueAtMs <= atMs - 75 * MINUTE_MS);
	return { held: here.length, oldestAgeMs: ages.length === 0 ? null : Math.max(...ages), late: late.length };
}

/** Numbers from a seed (mulberry32): the same year for the same seed. */
export function chance(seed: number) {
	let state = seed | 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	return {
		isIn: (share: number) => next() < share,
		/** A whole number from `least` to `most`, both included. */
		between: (least: number, most: number) => least + Math.floor(next() * (most - least + 1)),
		of: <T>(all: readonly T[]): T | undefined => all[Math.floor(next() * all.length)],
	};
}
