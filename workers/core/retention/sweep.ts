import { and, asc, count, eq, inArray, isNotNull, isNull, lte, not, notExists, or, sql } from 'drizzle-orm';

import { consentLinks, consents } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import { uploads } from '../../../schema/uploads';
import { retentionMs } from '../../../studios/policy/policy';
import { sweepCompositions } from '../compositions/sweep-compositions';
import { sweepLinks } from '../consent-links/sweep-links';
import { listDueConversions, sendConversion } from '../conversions/send-conversion';
import { listUnconfirmed } from '../consents/confirm-revocation';
import { isCheckedPaper } from '../consents/checked-paper';
import { collectEvidence } from '../evidence/collect-evidence';
import { listEnding, tellEnding } from '../credits/tell-ending';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { sweepExports } from '../exports/sweep-exports';
import { sweepRights } from '../rights/sweep-rights';
import { soundAlarms } from '../incidents/sound-alarms';
import { purgeStatutory } from '../erasure/purge-statutory';
import { heldIds, isAnyHold, isNotHeld } from '../erasure/is-held';
import { takeDueErasures } from '../erasure/take-due-erasures';
import { log, logError } from '../log';
import { keepRegistry } from '../policy/keep-registry';
import { keepLog } from '../log/keep-log';
import { listOpenMailEvents } from '../mail/handle-mail-event';
import { listDueMails, sendMail } from '../mail/send-mail';
import { LATE_PUT_MS } from '../media/upload-window';
import { tellQueue } from '../tell-queue';
import { advanceRender } from '../renders/advance-render';
import { forgetRender } from '../renders/forget-render';
import { sweepShares } from '../shares/sweep-shares';
import { eraseDueTickets } from '../support/erase-tickets';
import { eraseAsset } from './erase-asset';
import { eraseDueRequests } from './erase-due-requests';
import { eraseSources, SOURCES_AT_ONCE_MAX } from './erase-sources';
import { keepCheckedPapers, leaveDrafts } from './sweep-papers';
import { moneySteps } from './money-steps';
import { prune } from './prune';
import { walk } from './walk';
import { walkSteps } from './walk-steps';

/*
 * How much one sweep takes on. D1 answers 1,000 queries an invocation: 50 photos cost about 112 of them, 15 assets 105, 10 packs that
 * end 60, 20 mails 80 and 1 for any number of notices about them, 10 renders 150, 10 leftovers 100, 5 conversions 30, money 277 at most
 * (`money-steps.ts`), the log 8, the evidence 8, what was announced and not kept 2, links that are over 2, papers of consents 2 and what leaves by its age 22. The next sweep a minute later
 * goes on with what
 * waited longest.
 */
export const SWEEP_PHOTOS = SOURCES_AT_ONCE_MAX;
const SWEEP_ASSETS = 15;
const SWEEP_ENDINGS = 10;
const SWEEP_MAILS = 20;
const SWEEP_MAIL_EVENTS = 50;
const SWEEP_RENDERS = 10;
const SWEEP_LEFTOVERS = 10;
const SWEEP_ERASURES = 10;
const SWEEP_REVOCATIONS = 20;
const SWEEP_CONVERSIONS = 5;
/** Eleven statements each, in one minute of an hour. */
const SWEEP_STATUTORY = 5;
/** Processors may hang for half a minute each: after this no further one is asked, so that the cron ends in time. */
const PROCESSOR_MS = 45_000;
const AT_ONCE = 5;
/** A message normally arrives within a second: older than this, it counts as lost. */
const LOST_MESSAGE_MS = 60_000;
/** A photo still here this long after its hour was deleted late, and the sweep says so. */
const LATE_MS = 15 * 60_000;
/** Once an hour; an hour that is missed is made up for by the next. */
const STATUTORY_MINUTE = 52;
/** A receipt of a revocation waits for an upload address to end, a quarter of an hour at most. */
const REVOCATION_MINUTES = 5;

export interface SweepResult {
	sourcesDeleted: number;
	sourcesLate: number;
	/** Due, and kept because of a legal hold: unreachable, and counted (R5). */
	sourcesHeld: number;
	rendersExpired: number;
	failures: number;
}

/**
 * Everything that time decides, and everything a lost message would have told: due photos, abandoned uploads, stuck
 * renders, unsent mail, half-done deletions, copies left at processors, consents that ended. Idempotent, bounded,
 * resumable; due is compared with the earlier of now and the cron's own time, so a clock that runs ahead deletes nothing
 * early (R6).
 * Deletion comes first and speaks to no processor; no step that fails keeps another from being done.
 */
export async function sweep(deps: JobDeps, input: { scheduledAtMs: number }): Promise<SweepResult> {
	const { db } = deps;
	const startedAtMs = deps.now().getTime();
	const dueMs = Math.min(startedAtMs, input.scheduledAtMs);
	const id = deps.newId('sweep');
	await db.insert(sweeps).values({ id, startedAtMs });

	const result: SweepResult = { sourcesDeleted: 0, sourcesLate: 0, sourcesHeld: 0, rendersExpired: 0, failures: 0 };
	const steps: readonly [name: string, step: () => Promise<unknown>][] = [
		['papers', () => keepCheckedPapers(deps, { dueMs })],
		['mark', () => markSources(deps, dueMs)],
		['sources', () => eraseMarkedSources(deps, dueMs, result)],
		['held', () => countHeld(deps, dueMs, result)],
		['assets', () => eraseMarkedAssets(deps, dueMs, result)],
		['compositions', () => sweepCompositions(deps, { dueMs })],
		['consents', () => endConsents(deps, dueMs)],
		['prune', () => prune(deps, { dueMs })],
		['requests', () => eraseDueRequests(deps, { dueMs })],
		['erasures', () => tellOfErasures(deps, dueMs)],
		['revocations', () => tellOfRevocations(deps, dueMs)],
		['statutory', () => purgeHourly(deps, dueMs, result)],
		['log', () => keepLog(deps)],
		['evidence', () => collectEvidence(deps, { dueMs })],
		['policy', () => keepRegistry(deps)],
		['tickets', () => eraseDueTickets(deps, { dueMs })],
		['alarms', () => soundAlarms(deps, { dueMs })],
		['endings', () => tellEndings(deps, dueMs, result)],
		['shares', () => sweepShares(deps, { dueMs })],
		['consent links', () => sweepLinks(deps, { dueMs })],
		['exports', () => sweepExports(deps, { dueMs })],
		['rights', () => sweepRights(deps, { dueMs })],
		['mails', () => sendDueMails(deps, dueMs, result)],
		['mail events', () => tellOfMailEvents(deps, dueMs)],
		['renders', () => wakeRenders(deps, dueMs, result)],
		['leftovers', () => forgetLeftovers(deps, dueMs, result)],
		['conversions', () => sendDueConversions(deps, dueMs, result)],
		...walkSteps(deps, dueMs),
		...moneySteps(deps, dueMs, {
			attempt: (action, ids) => attempt(deps, result, action, ids),
			whileThereIsTime: (all, act) => whileThereIsTime(deps, all, act),
		}),
	];
	for (const [step, run] of steps) await attempt(deps, result, run, { step });

	await db
		.update(sweeps)
		.set({ ...result, finishedAtMs: deps.now().getTime() })
		.where(eq(sweeps.id, id));
	log('sweep_finished', { ...result });
	return result;
}

/** Photos whose hour has come, and uploads that were never completed: from now on nothing shows them. */
async function markSources({ db }: JobDeps, dueMs: number): Promise<void> {
	const due = await db
		.select({ id: uploads.id })
		.from(uploads)
		.where(
			and(eq(uploads.state, 'ready'), lte(uploads.deleteAtMs, dueMs), isNotHeld(uploads.accountId, uploads.subjectId)),
		)
		.orderBy(asc(uploads.deleteAtMs))
		.limit(SWEEP_PHOTOS);
	const abandoned = await db
		.select({ id: uploads.id })
		.from(uploads)
		.where(and(eq(uploads.state, 'awaiting'), lte(uploads.putExpiresAtMs, dueMs - LATE_PUT_MS)))
		.orderBy(asc(uploads.putExpiresAtMs))
		.limit(SWEEP_PHOTOS);
	const idsOf = (rows: typeof due) => rows.map(({ id }) => id);
	// The plus keeps SQLite from the index on the state, which would read every photo that is not due as well.
	if (due.length > 0) {
		await db
			.update(uploads)
			.set({ state: 'deleting' })
			.where(and(inArray(uploads.id, idsOf(due)), sql`+${uploads.state} = 'ready'`, not(isCheckedPaper())));
	}
	if (abandoned.length > 0) {
		await db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: dueMs })
			.where(and(inArray(uploads.id, idsOf(abandoned)), sql`+${uploads.state} = 'awaiting'`));
	}
}

async function eraseMarkedSources(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const { db } = deps;
	const marked = await db
		.select({ id: uploads.id, deleteAtMs: uploads.deleteAtMs, putExpiresAtMs: uploads.putExpiresAtMs })
		.from(uploads)
		// One whose address is still open is emptied once, and signed for when the address has ended.
		.where(
			and(
				eq(uploads.state, 'deleting'),
				isNotHeld(uploads.accountId, uploads.subjectId),
				or(eq(uploads.triedAtMs, 0), lte(uploads.putExpiresAtMs, dueMs - LATE_PUT_MS)),
			),
		)
		.orderBy(asc(uploads.triedAtMs))
		.limit(SWEEP_PHOTOS);
	if (marked.length === 0) return;
	const { deleted, waiting } = await eraseSources(deps, { uploadIds: marked.map(({ id }) => id) });
	if (waiting.length > 0) {
		const stuck = new Set(marked.filter((row) => row.putExpiresAtMs <= dueMs - LATE_PUT_MS).map(({ id }) => id));
		result.failures += waiting.filter((id) => stuck.has(id)).length;
		await db.update(uploads).set({ triedAtMs: dueMs }).where(inArray(uploads.id, waiting));
	}
	const gone = new Set(deleted);
	result.sourcesDeleted += gone.size;
	result.sourcesLate += marked.filter((row) => gone.has(row.id) && dueMs - row.deleteAtMs > LATE_MS).length;
}

/** One statement, and none but a look at an empty table where nothing is held. */
async function countHeld({ db }: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const [counted] = await db
		.select({ count: count() })
		.from(uploads)
		.where(
			and(
				// First, so that without a hold no due photo is read for being counted.
				isAnyHold(),
				or(sql`${uploads.accountId} in ${heldIds()}`, sql`${uploads.subjectId} in ${heldIds()}`),
				inArray(uploads.state, ['ready', 'deleting']),
				lte(uploads.deleteAtMs, dueMs),
			),
		);
	result.sourcesHeld = counted?.count ?? 0;
}

async function eraseMarkedAssets(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const marked = await deps.db
		.select({ id: assets.id })
		.from(assets)
		.where(and(eq(assets.state, 'deleting'), isNotHeld(assets.accountId)))
		.orderBy(asc(assets.triedAtMs))
		.limit(SWEEP_ASSETS);
	if (marked.length === 0) return;
	const ids = marked.map(({ id }) => id);
	// Before the tries, so that one which fails does not come first again.
	await deps.db.update(assets).set({ triedAtMs: dueMs }).where(inArray(assets.id, ids));
	for (const assetId of ids) await attempt(deps, result, () => eraseAsset(deps, { assetId }), { assetId });
}

/**
 * Consents past their date are expired; a draft that is not completed for as long as an unused photo is kept allows and proves nothing.
 * Its paper went at the same hour. One that something still names is passed by: it must not keep the others.
 */
async function endConsents({ db, studio }: JobDeps, dueMs: number): Promise<void> {
	const draftedBy = dueMs - retentionMs(studio.policy, 'source');
	await db.batch([
		leaveDrafts({ db }, { draftedBy }),
		db.delete(consents).where(
			and(
				eq(consents.state, 'draft'),
				lte(consents.createdAtMs, draftedBy),
				isNotHeld(consents.accountId, consents.subjectId),
				notExists(db.select({ id: uploads.id }).from(uploads).where(eq(uploads.consentId, consents.id))),
				notExists(db.select({ id: renders.id }).from(renders).where(eq(renders.consentId, consents.id))),
				// A patient may still sign it at home.
				notExists(db.select({ id: consentLinks.id }).from(consentLinks).where(eq(consentLinks.consentId, consents.id))),
			),
		),
		db
			.update(consents)
			.set({ state: 'expired' })
			.where(and(eq(consents.state, 'active'), lte(consents.expiresAtMs, dueMs))),
	]);
}

/** Through the queue, since one of them may take some hundred queries. */
async function tellOfErasures(deps: JobDeps, dueMs: number): Promise<void> {
	const due = await takeDueErasures(deps, { dueMs, limit: SWEEP_ERASURES });
	for (const erasureId of due) await tellQueue(deps, { type: 'erasure.advance', erasureId });
}

async function tellOfRevocations(deps: JobDeps, dueMs: number): Promise<void> {
	if (new Date(dueMs).getUTCMinutes() % REVOCATION_MINUTES !== 0) return;
	const open = await listUnconfirmed(deps, { dueMs, limit: SWEEP_REVOCATIONS });
	for (const consentId of open) await tellQueue(deps, { type: 'consent.revoked', consentId });
}

/** A walk over all that are due, some an hour: one that fails is counted and passed by until the next day's. */
async function purgeHourly(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	if (new Date(dueMs).getUTCMinutes() !== STATUTORY_MINUTE) return;
	await walk(deps, {
		name: 'statutory',
		dueMs,
		slicesMax: SWEEP_STATUTORY,
		take: (cursor) => purgeStatutory(deps, { dueMs, cursor }, (action, ids) => attempt(deps, result, action, ids)),
	});
}

/** Bought credits that end in two weeks: who can do something about it is told once. */
async function tellEndings(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const ending = await listEnding(deps, { dueMs, limit: SWEEP_ENDINGS });
	for (const bucketId of ending) await attempt(deps, result, () => tellEnding(deps, { bucketId }), { bucketId });
}

/** Mails whose message was lost or whose tries failed. Before renders: somebody may be waiting for a code. */
async function sendDueMails(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const due = await listDueMails(deps, { dueMs, limit: SWEEP_MAILS });
	await whileThereIsTime(deps, due, (mailId) => attempt(deps, result, () => sendMail(deps, { mailId }), { mailId }));
}

/** Notices about mail whose message was lost, or that came before their mail was marked as sent. */
async function tellOfMailEvents(deps: JobDeps, dueMs: number): Promise<void> {
	const open = await listOpenMailEvents(deps, { dueMs, limit: SWEEP_MAIL_EVENTS });
	for (const eventId of open) await tellQueue(deps, { type: 'mail.event', eventId });
}

/** Renders whose message, webhook or deadline went by: each is asked what it needs next. */
async function wakeRenders(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const open = await deps.db
		.select({ id: renders.id, deadlineAtMs: renders.deadlineAtMs })
		.from(renders)
		.where(and(inArray(renders.state, ['queued', 'running']), lte(renders.createdAtMs, dueMs - LOST_MESSAGE_MS)))
		.orderBy(asc(renders.triedAtMs), asc(renders.deadlineAtMs))
		.limit(SWEEP_RENDERS);
	if (open.length === 0) return;
	const ids = open.map(({ id }) => id);
	await deps.db.update(renders).set({ triedAtMs: dueMs }).where(inArray(renders.id, ids));
	await whileThereIsTime(deps, ids, (renderId) =>
		attempt(deps, result, () => advanceRender(deps, { renderId }), { renderId }),
	);
	result.rendersExpired += open.filter(({ deadlineAtMs }) => deadlineAtMs <= dueMs).length;
}

/** Ended renders of which a processor may still hold something, the one that was asked about longest ago first. */
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
		.orderBy(asc(renders.triedAtMs))
		.limit(SWEEP_LEFTOVERS);
	await whileThereIsTime(
		deps,
		left.map(({ id }) => id),
		(renderId) => attempt(deps, result, () => forgetRender(deps, { renderId }), { renderId }),
	);
}

/** What Meta may be told and was not yet: purchases, sign-ups whose message was lost, and what it could not take. */
async function sendDueConversions(deps: JobDeps, dueMs: number, result: SweepResult): Promise<void> {
	const due = await listDueConversions(deps, { dueMs, limit: SWEEP_CONVERSIONS });
	await whileThereIsTime(deps, due, (conversionId) =>
		attempt(deps, result, () => sendConversion(deps, { conversionId }), { conversionId }),
	);
}

/** A few at once, and no further ones when the time for processors is over. */
async function whileThereIsTime<T>(
	{ now }: Pick<JobDeps, 'now'>,
	all: readonly T[],
	act: (one: T) => Promise<void>,
): Promise<void> {
	const stopAtMs = now().getTime() + PROCESSOR_MS;
	for (let first = 0; first < all.length && now().getTime() < stopAtMs; first += AT_ONCE) {
		await Promise.all(all.slice(first, first + AT_ONCE).map(act));
	}
}

/** One stubborn object, or step, must not keep the others waiting: it is logged, counted, and tried again a minute later. */
async function attempt(
	{ errorReports }: Pick<JobDeps, 'errorReports'>,
	result: SweepResult,
	action: () => Promise<unknown>,
	ids: Record<string, string>,
): Promise<void> {
	try {
		await action();
	} catch (error) {
		result.failures += 1;
		logError('sweep_failed', error, ids);
		// What a processor could not do just now is no bug.
		if (!(error instanceof AppError)) await errorReports?.report({ error, where: 'sweep', userId: null });
	}
}
