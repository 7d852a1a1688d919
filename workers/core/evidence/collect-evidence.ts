import { max, sql } from 'drizzle-orm';

import { evidencePoints } from '../../../schema/evidence';
import type { ProductPolicy } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { log } from '../log';
import type { EvidenceClass, Measured } from './evidence-class';
import { measuresOf } from './measures';
import { thinEvidence } from './thin-evidence';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** At most, as the policy's years are counted: what is late goes by the calendar. */
const YEAR_MS = 366 * 24 * HOUR_MS;
/** A statement takes 100 parameters, and a point has 6 columns. */
const POINTS_AT_ONCE = 16;

/** What is measured without a promise of its own is held against another class's, or against none. */
export function promiseOf(
	policy: Pick<ProductPolicy, 'data' | 'rights' | 'erasure'>,
	dataClass: EvidenceClass,
): number | null {
	if (dataClass === 'processor_copy') return promiseOf(policy, 'source');
	if (dataClass === 'request_open') return policy.rights.responseDays * 24 * HOUR_MS;
	if (dataClass === 'erasure' || dataClass === 'erasure_done' || dataClass === 'erasure_p95') {
		return policy.erasure.deadlineHours * HOUR_MS;
	}
	if (dataClass === 'hold') return null;
	const { retention } = policy.data[dataClass];
	if (retention.mode === 'statutory') return retention.years * YEAR_MS;
	return retention.mode === 'duration' ? retention.ms : null;
}

/**
 * Measures every class once an hour; an hour that was missed is measured by the next sweep that runs. One statement in any other
 * minute; in that one six, and once a day one more. What is late, or past its time and about to be, is logged for whoever is to
 * be woken. Returns whether it measured.
 */
export async function collectEvidence(
	deps: Pick<Deps, 'db' | 'studio'>,
	{ dueMs }: { dueMs: number },
): Promise<boolean> {
	const { db, studio } = deps;
	const [newest] = await db.select({ atMs: max(evidencePoints.atMs) }).from(evidencePoints);
	const lastMs = newest?.atMs ?? null;
	if (lastMs !== null && hourOf(lastMs) >= hourOf(dueMs)) return false;

	const measured = await measure(deps, dueMs);
	const points = [...measured].map(([dataClass, { held, sinceMs, late }]) => ({
		dataClass,
		atMs: dueMs,
		promiseMs: promiseOf(studio.policy, dataClass),
		held,
		// A clock that starts in the future, for a clock was set back, has no age yet.
		oldestAgeMs: sinceMs === null ? null : Math.max(0, dueMs - sinceMs),
		late,
	}));
	for (let from = 0; from < points.length; from += POINTS_AT_ONCE) {
		const some = points.slice(from, from + POINTS_AT_ONCE);
		await db.insert(evidencePoints).values(some).onConflictDoNothing();
	}
	for (const point of points) sayAlarm(point);
	if (lastMs === null || dayOf(lastMs) < dayOf(dueMs)) await thinEvidence(deps, { dueMs });
	return true;
}

/** Everything in one question. Several tables of one class are one: their counts add up, and the oldest of all counts. */
async function measure(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	nowMs: number,
): Promise<Map<EvidenceClass, Measured>> {
	const measures = measuresOf({ policy: studio.policy, nowMs });
	// As rows of VALUES: D1 takes five terms of a UNION.
	const rows = measures.map(({ held, since, late }) => sql`(${held}, ${since}, ${late})`);
	const answers = await db.all<{ held: number; since: number | null; late: number }>(
		sql`select column1 as held, column2 as since, column3 as late from (values ${sql.join(rows, sql`, `)})`,
	);
	const all = new Map<EvidenceClass, Measured>();
	for (const [index, { dataClass }] of measures.entries()) {
		const answer = answers[index];
		if (answer === undefined) throw new Error('every measure is answered');
		const known = all.get(dataClass);
		all.set(dataClass, {
			held: (known?.held ?? 0) + answer.held,
			sinceMs: earlier(known?.sinceMs ?? null, answer.since),
			late: (known?.late ?? 0) + answer.late,
		});
	}
	return all;
}

function earlier(one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return Math.min(one, other);
}

interface Point {
	dataClass: EvidenceClass;
	promiseMs: number | null;
	oldestAgeMs: number | null;
	late: number;
}

/** Of what ended nobody can be woken, so `erasure_done` and its like say nothing. */
function sayAlarm({ dataClass, promiseMs, oldestAgeMs, late }: Point): void {
	if (dataClass === 'erasure_done' || dataClass === 'erasure_p95') return;
	const oldestMinutes = oldestAgeMs === null ? null : Math.floor(oldestAgeMs / MINUTE_MS);
	if (late > 0) log('promise_broken', { dataClass, late, oldestMinutes });
	else if (promiseMs !== null && oldestAgeMs !== null && isOverdue(dataClass, oldestAgeMs - promiseMs)) {
		log('promise_near', { dataClass, oldestMinutes });
	}
}

/** Past its time by more than the sweep that should have come meanwhile. A choice that counts and a hold may be older. */
function isOverdue(dataClass: EvidenceClass, pastMs: number): boolean {
	const mayStay: readonly EvidenceClass[] = ['choice', 'audit', 'notice', 'request_open'];
	return !mayStay.includes(dataClass) && pastMs > 5 * MINUTE_MS;
}

function hourOf(ms: number): number {
	return Math.floor(ms / HOUR_MS);
}

function dayOf(ms: number): number {
	return Math.floor(ms / (24 * HOUR_MS));
}
