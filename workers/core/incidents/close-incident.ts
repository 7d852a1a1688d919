import { and, eq, isNull, sql } from 'drizzle-orm';

import { incidents } from '../../../schema/incidents';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, notFound, violates } from '../errors';

type WriteDeps = Pick<Deps, 'db' | 'now' | 'newId'>;
interface Step {
	whence: Whence;
	incidentId: string;
	reason: string | undefined;
}

/**
 * That the authority was told. After the 72 hours only with the reason for it (Art. 33(1)), which is a `conflict` otherwise. Reported
 * again, the first time stays.
 */
export async function reportIncident(deps: WriteDeps, { whence, incidentId, reason }: Step): Promise<void> {
	const row = await findIncident(deps, incidentId);
	if (row.reportedAtMs !== null) return;
	const nowMs = deps.now().getTime();
	if (nowMs > row.reportByMs && reason === undefined) {
		throw new AppError('conflict', 'The 72 hours are over. Say with --reason why it is reported only now.');
	}
	const isFirst = and(eq(incidents.id, incidentId), isNull(incidents.reportedAtMs));
	const change = { reportedAtMs: nowMs, ...(reason === undefined ? {} : { reportReason: reason }) };
	const entry = await entryOf(deps, { whence, incidentId, reason }, 'incident.reported');
	await withD1Retry(() => deps.db.batch([deps.db.update(incidents).set(change).where(isFirst), entry.statement]));
}

/** Closes an incident that was reported, or with the reason why it need not be (`conflict` without either). */
export async function closeIncident(deps: WriteDeps, { whence, incidentId, reason }: Step): Promise<void> {
	const row = await findIncident(deps, incidentId);
	if (row.closedAtMs !== null) return;
	const isOpen = and(eq(incidents.id, incidentId), isNull(incidents.closedAtMs));
	const why = reason === undefined ? {} : { reportReason: sql<string>`coalesce(${incidents.reportReason}, ${reason})` };
	const entry = await entryOf(deps, { whence, incidentId, reason }, 'incident.closed');
	const change = { closedAtMs: deps.now().getTime(), ...why };
	try {
		await withD1Retry(() => deps.db.batch([deps.db.update(incidents).set(change).where(isOpen), entry.statement]));
	} catch (cause) {
		if (!violates(cause, 'closed_when_reported')) throw cause;
		throw new AppError('conflict', 'It was not reported. Report it, or say with --reason why it need not be.', {
			cause,
		});
	}
}

async function findIncident({ db }: WriteDeps, incidentId: string) {
	const [row] = await withD1Retry(() => db.select().from(incidents).where(eq(incidents.id, incidentId)));
	if (row === undefined) throw notFound('incident');
	return row;
}

/** Of the batch that makes the change: no step is without its entry, and repeated it adds none. */
async function entryOf(
	deps: WriteDeps,
	{ whence, incidentId, reason }: Step,
	action: 'incident.reported' | 'incident.closed',
) {
	const entry = { accountId: null, name: `${incidentId}:${action}`, action, targetId: incidentId, reason };
	return operatorStatement(deps, { whence, ...entry });
}
