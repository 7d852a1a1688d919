/** What the evidence page says, out of what the api answers. */
import type { z } from 'zod';

import type { EvidenceAnswer } from '../../workers/api/contract/evidence';

export type Evidence = z.infer<typeof EvidenceAnswer>;
export type ClassEvidence = Evidence['classes'][number];
export type HistoryPoint = Evidence['history'][number];

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** It is measured by the hour: one missed hour is no alarm. */
const MEASURED_MS = 150 * MINUTE_MS;
/** A sweep comes each minute; five without one are looked at by whoever runs the service. */
const SWEPT_MS = 5 * MINUTE_MS;
/** How far back the chart goes. */
export const CHART_DAYS = 30;
/** The api's counts stop here. */
const COUNT_MAX = 10_000;

export function classOf({ classes }: Pick<Evidence, 'classes'>, dataClass: string): ClassEvidence | undefined {
	return classes.find((one) => one.dataClass === dataClass);
}

export function lateOf({ classes }: Pick<Evidence, 'classes'>): ClassEvidence[] {
	return classes.filter(({ dataClass, late }) => late > 0 && dataClass !== 'erasure_p95');
}

/** Whether the newest measurement is too old to be called "now". */
export function isUnmeasured({ measuredAt }: Pick<Evidence, 'measuredAt'>, nowMs: number): boolean {
	return measuredAt !== null && nowMs - Date.parse(measuredAt) > MEASURED_MS;
}

export function isUnswept({ sweptAt }: Pick<Evidence, 'sweptAt'>, nowMs: number): boolean {
	return sweptAt !== null && nowMs - Date.parse(sweptAt) > SWEPT_MS;
}

/** "3", "1,204", "10,000 or more". */
export function countWords(count: number): string {
	return count >= COUNT_MAX ? `${COUNT_MAX.toLocaleString('en')} or more` : count.toLocaleString('en');
}

export function chartPoints(history: readonly HistoryPoint[], nowMs: number): HistoryPoint[] {
	return history.filter(({ at }) => Date.parse(at) >= nowMs - CHART_DAYS * DAY_MS);
}

export interface DayEvidence {
	/** "2026-11-21", UTC. */
	readonly day: string;
	readonly oldestAgeMs: number | null;
	readonly late: number;
}

/** The worst of each day, newest first: the chart as a table. */
export function byDay(points: readonly HistoryPoint[]): DayEvidence[] {
	const days = new Map<string, DayEvidence>();
	for (const { at, oldestAgeMs, late } of points) {
		const day = at.slice(0, 10);
		const known = days.get(day);
		days.set(day, {
			day,
			oldestAgeMs: known === undefined ? oldestAgeMs : older(known.oldestAgeMs, oldestAgeMs),
			late: Math.max(known?.late ?? 0, late),
		});
	}
	return [...days.values()].toReversed();
}

function older(one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return Math.max(one, other);
}
