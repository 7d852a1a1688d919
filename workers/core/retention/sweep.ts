import { and, asc, eq, inArray, isNotNull, isNull, lte } from 'drizzle-orm';

import { assets, renders } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import { uploads } from '../../../schema/uploads';
import { consents } from '../../../schema/consents';
import type { JobDeps } from '../deps';
import { log, logError } from '../log';
import { advanceRender } from '../renders/advance-render';
import { forgetRender } from '../renders/forget-render';
import { eraseAsset } from './erase-asset';
import { eraseSource } from './erase-source';
import { LATE_PUT_MS } from './places';
import { prune } from './prune';

/** How much one sweep takes on of each kind; the next one a minute later goes on where this one stopped. */
export const SWEEP_BATCH = 100;
/** A message normally arrives within a second: older than this, it counts as lost. */
const LOST_MESSAGE_MS = 60_000;

export interface SweepResult {
	sourcesDeleted: number;
	sourcesLate: number;
	rendersExpired: number;
	failures: number;
}

/**
 * Everything that time decides, and everything a lost message would have told: due photos, abandoned uploads, stuck
 * renders, half-done deletions, copies left at processors, consents that ended. Idempotent, bounded, resumable; due is
 * compared with the earlier of now and the cron's own time, so a clock that runs ahead deletes nothing early (R6).
 */
export async function sweep(deps: JobDeps, input: { scheduledAtMs: number }): Promise<SweepResult> {
	const { db } = deps;
	const startedAtMs = deps.now().getTime();
	const dueMs = Math.min(startedAtMs, input.scheduledAtMs);
	const id = deps.newId('sweep');
	await db.insert(sweeps).values({ id, startedAtMs });

	const result: SweepResult = { sourcesDeleted: 0, sourcesLate: 0, rendersExpired: 0, failures: 0 };
	await endConsents(deps, dueMs);
	await wakeRenders(deps, dueMs, result);
	await markDueSources(deps, dueMs);
	await eraseMarkedSources(deps, dueMs, result);
	await eraseMarkedAssets(deps, result);
	await forgetLeftovers(deps, dueMs, result);
	if (new Date(dueMs).getUTCMinutes() === PRUNE_MINUTE) await prune(deps, { dueMs });

	await db
		.update(sweeps)
		.set({ ...result, finishedAtMs: deps.now().getTime() })
		.where(eq(sweeps.id, id));
	log('sweep_finished', { ...result });
	return result;
}

/** Consents past their date are expired; a draft that nobody completed in a day allows nothing and proves nothing. */
async function endConsents({ db }: JobDeps, dueMs: number): Promise<void> {
	await db.delete(consents).where(and(eq(consents.state, 'draft'), lte(consents.createdAtMs, dueMs - DRAFT_MS)));
	await db
		.update(consents)
		.set({ state: 'expired' })
		.where(and(eq(consents.state, 'active'), lte(consents.expiresAtMs, dueMs)));
}

/** Once an hour; an hour that is missed is made up for by the next. */
const PRUNE_MINUTE = 7;

const DRAFT_MS = 24 * 3_600_000;

/** Renders whose message, webhook or deadline went by: each is asked what it needs next. */
async function wakeRenders(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const open = await deps.db
		.select({ id: renders.id, deadlineAtMs: renders.deadlineAtMs })
		.from(renders)
		.where(and(inArray(renders.state, ['queued', 'running']), lte(renders.createdAtMs, dueMs - LOST_MESSAGE_MS)))
		.orderBy(asc(renders.deadlineAtMs))
		.limit(SWEEP_BATCH);
	for (const { id, deadlineAtMs } of open) {
		await attempt(result, () => advanceRender(deps, { renderId: id }), { renderId: id });
		if (deadlineAtMs <= dueMs) result.rendersExpired += 1;
	}
}

/** Photos whose hour has come, and uploads that never were completed. */
async function markDueSources({ db }: JobDeps, dueMs: number): Promise<void> {
	const due = db
		.select({ id: uploads.id })
		.from(uploads)
		.where(and(eq(uploads.state, 'ready'), lte(uploads.deleteAtMs, dueMs)))
		.orderBy(asc(uploads.deleteAtMs))
		.limit(SWEEP_BATCH);
	const abandoned = db
		.select({ id: uploads.id })
		.from(uploads)
		.where(and(eq(uploads.state, 'awaiting'), lte(uploads.putExpiresAtMs, dueMs - LATE_PUT_MS)))
		.limit(SWEEP_BATCH);
	await db.batch([
		db.update(uploads).set({ state: 'deleting' }).where(inArray(uploads.id, due)),
		db.update(uploads).set({ state: 'deleting', deleteAtMs: dueMs }).where(inArray(uploads.id, abandoned)),
	]);
}

async function eraseMarkedSources(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const marked = await deps.db
		.select({ id: uploads.id, deleteAtMs: uploads.deleteAtMs })
		.from(uploads)
		.where(eq(uploads.state, 'deleting'))
		.orderBy(asc(uploads.deleteAtMs))
		.limit(SWEEP_BATCH);
	for (const { id, deleteAtMs } of marked) {
		await attempt(
			result,
			async () => {
				if ((await eraseSource(deps, { uploadId: id })) !== 'deleted') return;
				result.sourcesDeleted += 1;
				if (dueMs - deleteAtMs > LATE_MS) result.sourcesLate += 1;
			},
			{ uploadId: id },
		);
	}
}

/** A photo still here this long after its hour was deleted late, and the sweep says so. */
const LATE_MS = 15 * 60_000;

async function eraseMarkedAssets(deps: JobDeps, result: SweepResult): Promise<void> {
	const marked = await deps.db
		.select({ id: assets.id })
		.from(assets)
		.where(eq(assets.state, 'deleting'))
		.limit(SWEEP_BATCH);
	for (const { id } of marked) await attempt(result, () => eraseAsset(deps, { assetId: id }), { assetId: id });
}

async function forgetLeftovers(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const left = await deps.db
		.select({ id: renders.id })
		.from(renders)
		.where(
			and(
				isNull(renders.forgottenAtMs),
				isNotNull(renders.finishedAtMs),
				lte(renders.finishedAtMs, dueMs - LOST_MESSAGE_MS),
			),
		)
		.limit(SWEEP_BATCH);
	for (const { id } of left) await attempt(result, () => forgetRender(deps, { renderId: id }), { renderId: id });
}

/** One stubborn object must not keep the others waiting: it is logged, counted, and tried again a minute later. */
async function attempt(
	result: SweepResult,
	action: () => Promise<unknown>,
	ids: Record<string, string>,
): Promise<void> {
	try {
		await action();
	} catch (error) {
		result.failures += 1;
		logError('sweep_failed', error, ids);
	}
}
