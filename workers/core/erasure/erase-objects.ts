import { and, asc, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm';

import { exports } from '../../../schema/rights';
import { assets, attempts } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { BlobStore } from '../deps';
import { AppError } from '../errors';
import { LATE_PUT_MS } from '../media/upload-window';
import { outputKeyOf } from '../renders/output-key';
import { eraseAsset } from '../retention/erase-asset';
import { eraseSources, SOURCES_AT_ONCE_MAX } from '../retention/erase-sources';
import type { ErasureRow } from './legs';
import { isOwned } from './owned-rows';
import type { LegRun } from './leg-run';

const ASSETS_AT_ONCE_MAX = 20;
const EXPORTS_AT_ONCE_MAX = 50;
/** R2 deletes a thousand keys at once. */
const TRIES_AT_ONCE_MAX = 1_000;
/** R2 lists a thousand keys a page and deletes as many at once. */
const PAGES_AT_ONCE_MAX = 5;

/**
 * Photos, logos and papers, each with the receipt that was promised with it. While an address may still bring one, the place is not empty for
 * good, and the leg waits.
 */
export const erasePhotos: LegRun = async (deps, erasure) => {
	const { db } = deps;
	const own = isOwned('uploads', erasure) ?? undefined;
	const nowMs = deps.now().getTime();
	// One that was completed while this was asked for.
	await db
		.update(uploads)
		.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
		.where(and(own, inArray(uploads.state, ['awaiting', 'ready'])));
	const marked = await db
		.select({ id: uploads.id })
		.from(uploads)
		.where(and(own, eq(uploads.state, 'deleting')))
		.orderBy(asc(uploads.triedAtMs))
		.limit(SOURCES_AT_ONCE_MAX);
	const { waiting, deleted: gone, neverThere } = await eraseSources(deps, { uploadIds: marked.map(({ id }) => id) });
	if (waiting.length > 0) {
		await db.update(uploads).set({ triedAtMs: nowMs }).where(inArray(uploads.id, waiting));
		await requireOpenAddress(deps, waiting);
	}
	const [open] = await db
		.select({ id: uploads.id })
		.from(uploads)
		.where(and(own, gt(uploads.putExpiresAtMs, nowMs - LATE_PUT_MS)))
		.limit(1);
	// Of what only waits for addresses to end, the rest is looked at by the sweep, and not without a pause.
	if (marked.length === SOURCES_AT_ONCE_MAX && gone.length + neverThere.length > 0) return 'more';
	if (waiting.length > 0 || open !== undefined) return 'waiting';
	const [deleted] = await db
		.select({ id: uploads.id })
		.from(uploads)
		.where(and(own, eq(uploads.state, 'deleted')))
		.limit(1);
	return deleted === undefined ? 'nothing_held' : 'deleted';
};

/** What is not gone although its address has ended is held up by the store or a processor: that is a leg that is blocked. */
async function requireOpenAddress(deps: Parameters<LegRun>[0], ids: readonly string[]): Promise<void> {
	const stuck = await deps.db
		.select({ id: uploads.id })
		.from(uploads)
		.where(
			and(
				inArray(uploads.id, [...ids]),
				eq(uploads.state, 'deleting'),
				lte(uploads.putExpiresAtMs, deps.now().getTime() - LATE_PUT_MS),
			),
		);
	if (stuck.length > 0) throw new AppError('upstream_unavailable', 'A photo is still held somewhere.');
}

/**
 * After pictures, videos and pictures, each with its receipt. By now every order has ended, which refuses new rows; so what a crash left
 * between bytes and row is found here too: an account's by its prefix (`eraseStrays`), a patient's by the names of the tries.
 */
export const eraseOutputs: LegRun = async (deps, erasure) => {
	const { db } = deps;
	const own = isOwned('assets', erasure) ?? undefined;
	await db
		.update(assets)
		.set({ state: 'deleting' })
		.where(and(own, inArray(assets.state, ['ready', 'pending'])));
	const marked = await db
		.select({ id: assets.id })
		.from(assets)
		.where(and(own, eq(assets.state, 'deleting')))
		.orderBy(asc(assets.triedAtMs))
		.limit(ASSETS_AT_ONCE_MAX);
	let isWaiting = false;
	for (const { id } of marked) isWaiting = (await eraseAsset(deps, { assetId: id })) === 'waiting' || isWaiting;
	if (isWaiting) return 'waiting';
	if (marked.length === ASSETS_AT_ONCE_MAX) return 'more';
	if (erasure.kind === 'subject') await eraseTries(deps, erasure);
	const [made] = await db.select({ id: assets.id }).from(assets).where(own).limit(1);
	return made === undefined ? 'nothing_held' : 'deleted';
};

/** Deletes what any try may have stored. Whatever a row named is gone, and the names of the rest follow from the rows of tries. */
async function eraseTries(deps: Parameters<LegRun>[0], erasure: ErasureRow): Promise<void> {
	const { db, blobs } = deps;
	const accountId = erasure.accountId ?? '';
	for (let after = '', isMore = true; isMore;) {
		const tries = await db
			.select({ id: attempts.id })
			.from(attempts)
			.where(and(isOwned('attempts', erasure) ?? undefined, gt(attempts.id, after)))
			.orderBy(asc(attempts.id))
			.limit(TRIES_AT_ONCE_MAX);
		const keys = await Promise.all(tries.map(({ id }) => outputKeyOf(deps, accountId, id)));
		if (keys.length > 0) await blobs.delete(keys);
		after = tries.at(-1)?.id ?? '';
		isMore = tries.length === TRIES_AT_ONCE_MAX;
	}
}

/** Where an owner's bytes lie, whether a row names them or not. */
export function prefixesOf({ kind, targetId }: Pick<ErasureRow, 'kind' | 'targetId'>): string[] {
	if (kind === 'account') return ['src', 'logo', 'pap', 'out'].map((prefix) => `${prefix}/${targetId}/`);
	return kind === 'person' ? [`exp/${targetId}/`] : [];
}

/** Lists the owner's prefixes and deletes whatever lies there: left by a crash between storing and writing (U1). */
export const eraseStrays: LegRun = async ({ blobs }, erasure) => {
	let deleted = 0;
	for (const prefix of prefixesOf(erasure)) {
		const found = await emptyPrefix(blobs, prefix);
		if (found === null) return 'more';
		deleted += found;
	}
	return deleted === 0 ? 'nothing_held' : 'deleted';
};

/** How many objects lay there; null when more do than one try takes. */
async function emptyPrefix(blobs: BlobStore, prefix: string): Promise<number | null> {
	let deleted = 0;
	for (let page = 0; page < PAGES_AT_ONCE_MAX; page += 1) {
		const { objects, cursor } = await blobs.list(prefix, null);
		if (objects.length === 0) return deleted;
		await blobs.delete(objects.map(({ objectKey }) => objectKey));
		deleted += objects.length;
		if (cursor === null && (await blobs.list(prefix, null)).objects.length === 0) return deleted;
	}
	return null;
}

/** The files of copies that somebody asked for; their rows go with all rows. */
export const eraseExports: LegRun = async (deps, erasure) => {
	const { db, blobs } = deps;
	const own = isOwned('exports', erasure) ?? undefined;
	const rows = await db
		.select({ id: exports.id, objectKey: exports.objectKey })
		.from(exports)
		.where(and(own, isNotNull(exports.objectKey), sql`${exports.state} <> 'gone'`))
		.limit(EXPORTS_AT_ONCE_MAX);
	if (rows.length > 0) {
		await blobs.delete(rows.map(({ objectKey }) => objectKey));
		await db
			.update(exports)
			.set({ state: 'gone' })
			.where(
				inArray(
					exports.id,
					rows.map(({ id }) => id),
				),
			);
	}
	if (rows.length === EXPORTS_AT_ONCE_MAX) return 'more';
	const strays = erasure.kind === 'person' ? await eraseStrays(deps, erasure) : 'nothing_held';
	if (strays === 'more') return 'more';
	return rows.length > 0 || strays === 'deleted' ? 'deleted' : 'nothing_held';
};
