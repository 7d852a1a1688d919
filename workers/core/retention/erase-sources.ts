import { and, eq, inArray, isNull, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, attempts, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { JobDeps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { log, logError } from '../log';
import { LATE_PUT_MS } from '../media/upload-window';
import { issueReceipt, issueReceipts, type ReceiptOrder } from '../receipts/issue-receipt';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { falPlace, keepingFacts, storePlace, uploadWord } from './places';

type UploadRow = typeof uploads.$inferSelect;
type AttemptRow = Pick<typeof attempts.$inferSelect, 'processor' | 'requestId' | 'state' | 'failure' | 'hygiene'>;

/** At most as many as one batch of receipts takes. */
export const SOURCES_AT_ONCE_MAX = 50;

export interface SourceErasures {
	/** Ids whose bytes are gone, whose receipt is signed and whose row is closed. */
	deleted: string[];
	/** Closed without a receipt: nothing had ever arrived. */
	neverThere: string[];
	/** Still open: the store or a processor is not empty, or the upload's address has not ended. */
	waiting: string[];
}

/**
 * Deletes marked photos, reads their places again, and only then signs the receipts and closes the rows, in one batch
 * (R1–R3, E3). A place that is not empty, an address that is still open (the same photo could be put there again), or
 * a render that a processor has not forgotten leaves its photo `deleting` and unreachable, and the others go on. No
 * processor is spoken to here.
 */
export async function eraseSources(
	deps: JobDeps,
	{ uploadIds }: { uploadIds: readonly string[] },
): Promise<SourceErasures> {
	const ids = uploadIds.slice(0, SOURCES_AT_ONCE_MAX);
	const result: SourceErasures = { deleted: [], neverThere: [], waiting: [] };
	const found = await readMarked(deps, ids);
	if (found.length === 0) return result;

	const arrivals = await knowArrivals(deps, found);
	const nowMs = deps.now().getTime();
	const emptied = await emptyPlaces(
		deps,
		found.filter(({ upload }) => arrivals.has(upload.id)),
	);
	const work = await readWork(deps, ids);
	const orders: ReceiptOrder[] = [];
	for (const marked of found) {
		const { upload } = marked;
		const made = work.get(upload.id);
		const isReady =
			emptied.has(upload.id) && nowMs >= upload.putExpiresAtMs + LATE_PUT_MS && (made?.isForgotten ?? true);
		if (!isReady) result.waiting.push(upload.id);
		else if (arrivals.get(upload.id) !== true) result.neverThere.push(upload.id);
		else {
			orders.push(orderReceipt(deps, { ...marked, made, nowMs }));
			result.deleted.push(upload.id);
		}
	}
	await close(deps, result, orders);
	for (const { upload } of found.filter((row) => result.deleted.includes(row.upload.id))) {
		log('photo_deleted', { uploadId: upload.id, lateMs: Math.max(0, nowMs - upload.deleteAtMs) });
	}
	return result;
}

interface Marked {
	upload: UploadRow;
	consentState: string | null;
	/** Whether that consent was recorded from a paper, which is kept. */
	hasPaper: boolean;
}

function readMarked({ db }: JobDeps, ids: readonly string[]): Promise<Marked[]> {
	return db
		.select({
			upload: uploads,
			consentState: consents.state,
			hasPaper: sql<boolean>`coalesce(${consents.signedVia}, '') = 'paper'`.mapWith(Boolean),
		})
		.from(uploads)
		.leftJoin(consents, eq(consents.id, uploads.consentId))
		.where(
			and(
				inArray(uploads.id, [...ids]),
				sql`+${uploads.state} = 'deleting'`,
				isNotHeld(uploads.accountId, uploads.subjectId),
			),
		);
}

/**
 * The ids of which it is known whether a photo ever arrived, `true` when one did. Of those that were never completed it is
 * looked at, and written down before anything is deleted: the receipt that was promised must not depend on which of
 * two tries saw the bytes. One whose place could not be looked at is left out, and left alone.
 */
async function knowArrivals({ db, blobs }: JobDeps, found: readonly Marked[]): Promise<ReadonlyMap<string, boolean>> {
	const arrivals = new Map<string, boolean>();
	const uncertain: Marked[] = [];
	for (const row of found) {
		if (row.upload.byteLength === null) uncertain.push(row);
		else arrivals.set(row.upload.id, true);
	}
	const arrived = await idsWhere(uncertain, async ({ id, objectKey }) => {
		const isThere = await blobs.has(objectKey);
		arrivals.set(id, isThere);
		return isThere;
	});
	if (arrived.length > 0) {
		await db
			.update(uploads)
			.set({ byteLength: sql`${uploads.declaredBytes}` })
			.where(and(inArray(uploads.id, arrived), isNull(uploads.byteLength)));
	}
	return arrivals;
}

/** The ids whose place was deleted and, read again, found empty. One that will not go does not keep the others. */
async function emptyPlaces({ blobs }: JobDeps, found: readonly Marked[]): Promise<ReadonlySet<string>> {
	const emptied = await idsWhere(found, async ({ objectKey }) => {
		await blobs.delete([objectKey]);
		return !(await blobs.has(objectKey));
	});
	return new Set(emptied);
}

/** The ids of which it holds; a store that fails for one of them says nothing about the others. */
async function idsWhere(found: readonly Marked[], holds: (upload: UploadRow) => Promise<boolean>): Promise<string[]> {
	const ids = await Promise.all(
		found.map(async ({ upload }) => {
			try {
				return (await holds(upload)) ? [upload.id] : [];
			} catch (error) {
				logError('sweep_failed', error, { uploadId: upload.id });
				return [];
			}
		}),
	);
	return ids.flat();
}

interface Work {
	/** When the last of its renders was found forgotten: what a receipt says of fal was seen then. */
	forgottenAtMs: number;
	/** Whether every render of the photo has ended and been forgotten. */
	isForgotten: boolean;
	/** Whether something made from it is still here. */
	isKept: boolean;
	attempts: AttemptRow[];
}

async function readWork({ db }: JobDeps, ids: readonly string[]): Promise<ReadonlyMap<string, Work>> {
	const rows = await db
		.select({
			uploadId: renders.uploadId,
			forgottenAtMs: renders.forgottenAtMs,
			readyAssets: sql<number>`(select count(*) from ${assets} s where s.render_id = "renders"."id" and s.state = 'ready')`,
			attempt: {
				processor: attempts.processor,
				requestId: attempts.requestId,
				state: attempts.state,
				failure: attempts.failure,
				hygiene: attempts.hygiene,
			},
		})
		.from(renders)
		.leftJoin(attempts, eq(attempts.renderId, renders.id))
		.where(inArray(renders.uploadId, [...ids]));
	const work = new Map<string, Work>();
	for (const { uploadId, forgottenAtMs, readyAssets, attempt } of rows) {
		if (uploadId === null) continue;
		const known = work.get(uploadId) ?? { forgottenAtMs: 0, isForgotten: true, isKept: false, attempts: [] };
		work.set(uploadId, {
			forgottenAtMs: Math.max(known.forgottenAtMs, forgottenAtMs ?? 0),
			isForgotten: known.isForgotten && forgottenAtMs !== null,
			isKept: known.isKept || readyAssets > 0,
			attempts: attempt === null ? known.attempts : [...known.attempts, attempt],
		});
	}
	return work;
}

function orderReceipt(
	{ db, studio }: Pick<JobDeps, 'db' | 'studio'>,
	order: Marked & { made: Work | undefined; nowMs: number },
): ReceiptOrder {
	const { upload, hasPaper, made, nowMs } = order;
	const deletedAt = new Date(nowMs).toISOString();
	// Of the others nothing is made, so no processor ever gets to see them.
	const isPhoto = upload.kind === 'source';
	const kept: ReceiptFacts['kept'] = [];
	if (made?.isKept === true) {
		const orRevoked = upload.consentId === null ? '' : ' or the consent is revoked';
		kept.push({ what: 'what was made from it', why: `it stays until you delete it${orRevoked}`, until: null });
	}
	if (upload.consentId !== null && isPhoto) {
		const why = 'it proves that the photo was allowed';
		const what = hasPaper
			? 'the signed consent, with the paper it was signed on'
			: 'the signed consent, without any picture';
		kept.push({ what, why, until: null });
	}
	return {
		receiptId: upload.receiptId,
		accountId: upload.accountId,
		facts: {
			kind: 'source_deleted',
			objectId: upload.id,
			deleted: [{ what: uploadWord(upload.kind, studio), count: 1 }],
			places: [storePlace(deletedAt), ...(isPhoto ? [falPlaceOf(made, deletedAt)] : [])],
			kept,
			...keepingFacts(made?.attempts ?? []),
			reason: reasonOf(upload, order.consentState),
			dueAt: new Date(upload.deleteAtMs).toISOString(),
			deletedAt,
		},
		alongside: [
			db
				.update(uploads)
				.set({ state: 'deleted', deletedAtMs: nowMs })
				.where(and(eq(uploads.id, upload.id), eq(uploads.state, 'deleting'))),
		],
	};
}

function falPlaceOf(made: Work | undefined, deletedAt: string) {
	return falPlace(made?.attempts ?? [], made === undefined ? deletedAt : new Date(made.forgottenAtMs).toISOString());
}

function reasonOf(upload: UploadRow, consentState: string | null): ReceiptFacts['reason'] {
	if (upload.deleteClock !== 'request') return 'window_ended';
	return consentState === 'revoked' ? 'consent_revoked' : 'requested';
}

async function close(deps: JobDeps, result: SourceErasures, orders: readonly ReceiptOrder[]): Promise<void> {
	const { db } = deps;
	if (result.neverThere.length > 0) {
		await db
			.update(uploads)
			.set({ state: 'expired' })
			.where(and(inArray(uploads.id, result.neverThere), sql`+${uploads.state} = 'deleting'`));
	}
	try {
		await issueReceipts(deps, orders);
		return;
	} catch (error) {
		if (orders.length === 1) throw error;
		logError('sweep_failed', error, { receipts: orders.length });
	}
	// One receipt that cannot be written fails the batch of all: each is tried by itself, and that one stays open.
	for (const order of orders) {
		try {
			await issueReceipt(deps, order);
		} catch (error) {
			const uploadId = order.facts.objectId;
			logError('sweep_failed', error, { uploadId });
			result.deleted = result.deleted.filter((id) => id !== uploadId);
			result.waiting.push(uploadId);
		}
	}
}
