import { and, eq, notExists, sql } from 'drizzle-orm';

import { incidentNotices, incidents } from '../../../schema/incidents';
import type { DataClass } from '../../../studios/policy/policy';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { HOUR_MS, REPORT_HOURS, type IncidentWords } from './incident-view';

type WriteDeps = Pick<Deps, 'db' | 'now' | 'newId'>;

export interface IncidentOrder {
	whence: Whence;
	/** Without a person's name. */
	title: string;
	dataClasses: readonly DataClass[];
	fromMs: number;
	untilMs: number;
	/** When it became known here: the 72 hours run from then (Art. 33(1)). */
	knownAtMs: number;
}

/**
 * Writes a breach down, with the hour by which it has to be reported. The same one again is the same incident. A window that ends
 * before it begins, and times that are still to come, are refused with `invalid_input`.
 */
export async function openIncident(deps: WriteDeps, order: IncidentOrder): Promise<{ incidentId: string }> {
	const { db } = deps;
	const { whence, title, dataClasses, fromMs, untilMs, knownAtMs } = order;
	if (untilMs < fromMs)
		throw new AppError('invalid_input', 'The window ends before it begins. Exchange --from and --until.');
	if (Math.max(fromMs, knownAtMs) > deps.now().getTime()) {
		throw new AppError('invalid_input', 'The window, or when it became known, is still to come. Look at the times.');
	}
	const incidentId = await incidentIdOf(order);
	const entry = {
		accountId: null,
		name: `${incidentId}:opened`,
		action: 'incident.opened',
		targetId: incidentId,
	} as const;
	const record = await operatorStatement(deps, { whence, ...entry });
	const reportByMs = knownAtMs + REPORT_HOURS * HOUR_MS;
	const row = { id: incidentId, title, dataClasses: [...dataClasses], fromMs, untilMs, knownAtMs, reportByMs };
	const rows = inOneBatch([db.insert(incidents).values(row).onConflictDoNothing(), record.statement]);
	await withD1Retry(() => db.batch(rows));
	return { incidentId };
}

/**
 * Sets what is told of it. Once somebody was told, the words stay as they are (`conflict`): everybody reads the same.
 */
export async function describeIncident(
	deps: WriteDeps,
	{
		whence,
		incidentId,
		words,
	}: { whence: Whence; incidentId: string; words: { [Name in keyof IncidentWords]?: string | undefined } },
): Promise<void> {
	const { db } = deps;
	const notices = db
		.select({ one: sql`1` })
		.from(incidentNotices)
		.where(eq(incidentNotices.incidentId, incidentId));
	const changed = await withD1Retry(() =>
		db
			.update(incidents)
			.set(words)
			.where(and(eq(incidents.id, incidentId), notExists(notices)))
			.returning({ id: incidents.id }),
	);
	if (changed.length === 0) {
		const [found] = await db.select({ id: incidents.id }).from(incidents).where(eq(incidents.id, incidentId));
		if (found === undefined) throw notFound('incident');
		throw new AppError(
			'conflict',
			'People were told of this already. The words stay, so that everybody reads the same.',
		);
	}
	const facts = { words: Object.keys(words).join(' ') };
	const record = await operatorStatement(deps, {
		whence,
		accountId: null,
		action: 'incident.described',
		targetId: incidentId,
		facts,
	});
	await withD1Retry(() => record.statement.run());
}

async function incidentIdOf({ title, dataClasses, fromMs, untilMs, knownAtMs }: IncidentOrder): Promise<string> {
	const text = JSON.stringify([title, [...dataClasses].toSorted(), fromMs, untilMs, knownAtMs]);
	const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	return `inc_${Buffer.from(hash).toString('hex').slice(0, 26)}`;
}
