import { env } from 'cloudflare:workers';
import { and, eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { conversions } from '../../../schema/choices';
import { evidencePoints } from '../../../schema/evidence';
import { mails } from '../../../schema/mail';
import { receipts } from '../../../schema/receipts';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import type { BlobStore } from '../../../workers/core/deps';
import { newId } from '../../../workers/core/ids';
import { blobStore } from '../../../workers/core/job-deps';
import { readProof } from '../../../workers/core/log/read-proof';
import { publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { verifyChain } from '../../../workers/core/receipts/verify-chain';
import { startRender } from '../../../workers/core/renders/start-render';
import { sweep } from '../../../workers/core/retention/sweep';
import { deleteUpload } from '../../../workers/core/uploads/delete-upload';
import { readUpload } from '../../../workers/core/uploads/read-upload';
import { START } from '../../support/deps';
import { failure } from '../../support/fake-fal';
import { givenAccount } from '../../support/given';
import { propertyParameters } from '../../support/property';
import {
	deliver,
	finishStage,
	givenReadyUpload,
	renderWorld,
	rowsOf,
	smileOrder,
	type RenderWorld,
} from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import {
	chance,
	DAY_MS,
	HOUR_MS,
	isAddressOver,
	isForgotten,
	isOut,
	MINUTE_MS,
	truthOfPhotos,
	truthOfRows,
	type Outage,
	type YearAsset,
	type YearPhoto,
	type YearRow,
} from './year-model';

const DAYS = 400;
/** A ceiling against hanging: it takes half a minute on a machine of its own. */
const YEAR_MS_MAX = 600_000;
const RETENTION_MS = { mail: 30 * DAY_MS, conversion: 7 * DAY_MS } as const;

/** The product and what its users know of it. */
interface Year {
	readonly deps: RenderWorld;
	readonly random: ReturnType<typeof chance>;
	readonly outages: readonly Outage[];
	readonly photos: YearPhoto[];
	readonly assets: YearAsset[];
	rows: YearRow[];
	counts: { photos: number; renders: number; sweeps: number; measured: number; late: number; served: number };
}

function nowOf({ deps }: Year): number {
	return deps.now().getTime();
}

function isHealthy(year: Year, what: Outage['what']): boolean {
	return !isOut(year.outages, what, nowOf(year));
}

async function beginYear(seed: number): Promise<Year> {
	const random = chance(seed);
	const outages: Outage[] = Array.from({ length: 40 }, () => {
		const fromMs = START.getTime() + random.between(0, DAYS * 24) * HOUR_MS;
		const untilMs = fromMs + random.between(1, 40) * HOUR_MS;
		return { what: random.of(['cron', 'store', 'fal'] as const) ?? 'cron', fromMs, untilMs };
	});
	const real = blobStore(env.MEDIA);
	const clock: { now: () => number } = { now: () => START.getTime() };
	const blobs: BlobStore = {
		...real,
		delete: (keys) =>
			isOut(outages, 'store', clock.now()) ? Promise.reject(new Error('the store is away')) : real.delete(keys),
	};
	const deps = {
		...(await renderWorld({ blobs })),
		mailer: { send: () => Promise.resolve({ kind: 'taken' as const, providerId: null }) },
	};
	clock.now = () => deps.now().getTime();
	const counts = { photos: 0, renders: 0, sweeps: 0, measured: 0, late: 0, served: 0 };
	return { deps, random, outages, photos: [], assets: [], rows: [], counts };
}

/** What is in the queue is handled, or lost: that is for the sweep to make good. */
async function deliverSome(year: Year): Promise<void> {
	const isWell = isHealthy(year, 'store') && isHealthy(year, 'fal');
	if (year.random.isIn(0.3) || !isWell) year.deps.sent.length = 0;
	else await deliver(year.deps);
}

async function upload(year: Year): Promise<void> {
	const { deps } = year;
	const actor = await givenAccount(deps);
	const { id, consentId, objectKey, createdAtMs } = await givenReadyUpload(deps, actor);
	const dueAtMs = createdAtMs + DAY_MS;
	const photo = { id, actor, consentId: consentId ?? '', objectKey, createdAtMs, dueAtMs, sent: [] };
	year.photos.push({ ...photo, isRendered: false, isClosed: false });
	year.counts.photos += 1;
}

/** An order that ends within a minute, well or not; the photo's day begins anew with its end. */
async function render(year: Year, photo: YearPhoto): Promise<void> {
	const { deps, random } = year;
	if (photo.isRendered) return;
	const order = smileOrder(photo.actor, photo.id);
	const before = deps.fal.requests.length;
	const { id } = await startRender(deps, order);
	await deliver(deps);
	deps.fal.isForgetful = isHealthy(year, 'fal');
	const isRefused = random.isIn(0.25);
	if (!isRefused) await finishStage(deps);
	try {
		await finishStage(deps, ...(isRefused ? [failure('no_face', false, 'There is no face.')] : []));
	} catch (error) {
		// What fal does not forget now is left to the sweep, and so is what else was in the queue.
		expect(error).toMatchObject({ code: 'upstream_unavailable' });
		expect(deps.fal.isForgetful).toBe(false);
		deps.sent.length = 0;
	}
	photo.isRendered = true;
	photo.dueAtMs = nowOf(year) + DAY_MS;
	photo.sent.push(...deps.fal.requests.slice(before));
	const { assets } = await rowsOf(deps, id);
	const kept = assets.filter(({ state }) => state === 'ready');
	year.assets.push(
		...kept.map(({ id: assetId, objectKey }) => {
			return { id: assetId, photoId: photo.id, objectKey, actor: photo.actor, isDeleted: false };
		}),
	);
	year.counts.renders += 1;
}

async function endEarly(year: Year, photo: YearPhoto): Promise<void> {
	const { deps, random } = year;
	const { actor } = photo;
	if (random.isIn(0.5)) await deleteUpload(deps, { actor, uploadId: photo.id });
	else {
		await revokeConsent(deps, { actor, consentId: photo.consentId });
		// It takes along whatever was made of the photo.
		for (const asset of year.assets) if (asset.photoId === photo.id) asset.isDeleted = true;
	}
	photo.dueAtMs = Math.min(photo.dueAtMs, nowOf(year));
	await deliverSome(year);
	const isGone = !(await hasBytes(photo.objectKey));
	if (isGone && isAddressOver(photo, nowOf(year)) && isForgotten(photo)) photo.isClosed = true;
}

async function removeVideo(year: Year): Promise<void> {
	const asset = year.random.of(year.assets.filter(({ isDeleted }) => !isDeleted));
	if (asset === undefined) return;
	await deleteAsset(year.deps, { actor: asset.actor, assetId: asset.id });
	asset.isDeleted = true;
	await deliverSome(year);
}

async function addRows(year: Year): Promise<void> {
	const { deps } = year;
	const sinceMs = nowOf(year);
	const dataClass = year.random.isIn(0.5) ? 'mail' : 'conversion';
	const id = newId(dataClass);
	if (dataClass === 'mail') {
		const ended = { state: 'sent' as const, createdAtMs: sinceMs, uselessAtMs: sinceMs, endedAtMs: sinceMs };
		await deps.db.insert(mails).values({ id, kind: 'sign_in_code', ...ended });
	} else {
		const told = { happenedAtMs: sinceMs, endedAtMs: sinceMs, state: 'sent' as const };
		await deps.db.insert(conversions).values({ id, userId: newId('user'), name: 'Purchase', ...told });
	}
	year.rows.push({ id, dataClass, sinceMs, dueAtMs: sinceMs + RETENTION_MS[dataClass] });
}

async function hasBytes(objectKey: string): Promise<boolean> {
	return (await env.MEDIA.head(objectKey)) !== null;
}

/** Whoever asks gets no address of a photo from its hour on, whether the sweep has come or not, and one before. */
async function expectServing(year: Year): Promise<void> {
	const nowMs = nowOf(year);
	for (const { actor, id, dueAtMs } of year.photos.filter(({ isClosed }) => !isClosed)) {
		const { url } = await readUpload(year.deps, { actor, uploadId: id });
		expect(url === null, `${id} at ${new Date(nowMs).toISOString()}`).toBe(dueAtMs <= nowMs);
		year.counts.served += 1;
	}
}

/** Never early: what is not due is here, sweep or no sweep. Never late: after a sweep that could delete, what is due is not. */
async function expectPlaces(year: Year, { isSwept }: { isSwept: boolean }): Promise<void> {
	const nowMs = nowOf(year);
	for (const { objectKey, dueAtMs, id, isClosed } of year.photos) {
		if (isClosed && !year.random.isIn(0.02)) continue;
		const isDue = dueAtMs <= nowMs;
		if (!isDue) expect(await hasBytes(objectKey), `${id} is not due`).toBe(true);
		else if (isSwept) expect(await hasBytes(objectKey), `${id} was due`).toBe(false);
	}
	const ids = year.rows.map(({ id }) => id);
	const stored = await storedRows(year, ids);
	const expected = year.rows.filter(({ dueAtMs }) => dueAtMs > nowMs).map(({ id }) => id);
	if (isSwept) expect(stored.toSorted()).toEqual(expected.toSorted());
	else expect(stored).toEqual(expect.arrayContaining(expected));
}

async function storedRows({ deps: { db } }: Year, ids: readonly string[]): Promise<string[]> {
	const found: { id: string }[] = [];
	for (let from = 0; from < ids.length; from += 90) {
		const some = ids.slice(from, from + 90);
		found.push(
			...(await db.select({ id: mails.id }).from(mails).where(inArray(mails.id, some))),
			...(await db.select({ id: conversions.id }).from(conversions).where(inArray(conversions.id, some))),
		);
	}
	return found.map(({ id }) => id);
}

async function sweepNow(year: Year): Promise<void> {
	const { deps, photos } = year;
	const nowMs = nowOf(year);
	const isStoreWell = isHealthy(year, 'store');
	deps.fal.isForgetful = isHealthy(year, 'fal');
	const closing = photos.filter(
		(photo) => isStoreWell && photo.dueAtMs <= nowMs && isAddressOver(photo, nowMs) && isForgotten(photo),
	);
	const unforgotten = photos.filter((photo) => photo.isRendered && !isForgotten(photo)).length;
	// A cron that is told a later time than it is deletes nothing early.
	const scheduledAtMs = nowMs + (year.random.isIn(0.2) ? year.random.between(1, 5) * MINUTE_MS : 0);

	await sweep(deps, { scheduledAtMs });
	year.counts.sweeps += 1;
	await deliverSome(year);

	for (const photo of closing) photo.isClosed = true;
	if (!isStoreWell) takeConsoleErrors();
	await expectPlaces(year, { isSwept: isStoreWell });
	year.rows = year.rows.filter(({ dueAtMs }) => dueAtMs > nowMs);
	await expectEvidence(year, unforgotten);
}

/** If this sweep measured, what it wrote is what is so. */
async function expectEvidence(year: Year, unforgotten: number): Promise<void> {
	const atMs = nowOf(year);
	const points = await year.deps.db.select().from(evidencePoints).where(eq(evidencePoints.atMs, atMs));
	if (points.length === 0) return;
	const of = (dataClass: string) => points.find((point) => point.dataClass === dataClass);
	const photos = truthOfPhotos(year.photos, atMs);
	expect(of('source')).toMatchObject(photos);
	expect(of('output')).toMatchObject({ held: year.assets.filter(({ isDeleted }) => !isDeleted).length, late: 0 });
	expect(of('processor_copy')).toMatchObject({ held: unforgotten });
	for (const dataClass of ['mail', 'conversion'] as const) {
		expect(of(dataClass)).toMatchObject(truthOfRows(year.rows, dataClass, atMs));
	}
	year.counts.measured += 1;
	year.counts.late += photos.late > 0 ? 1 : 0;
}

/** One step: time passes to a chosen moment, somebody does something, and mostly a sweep comes. */
async function step(year: Year): Promise<void> {
	const { deps, random } = year;
	const nowMs = nowOf(year);
	// Nothing happens for days, or, while a photo is here, for hours.
	const isQuiet = year.photos.every(({ isClosed }) => isClosed);
	const nextMs = nowMs + random.between(60, isQuiet ? 9000 : 1500) * MINUTE_MS;
	const dues = year.photos
		.filter(({ isClosed, dueAtMs }) => !isClosed && dueAtMs > nowMs)
		.map(({ dueAtMs }) => dueAtMs);
	const firstDue = Math.min(nextMs, ...dues);
	if (firstDue < nextMs) {
		// To the last millisecond before a photo's hour, and to the first of it.
		for (const atMs of random.isIn(0.3) ? [firstDue - 1, firstDue] : [firstDue + random.between(0, 90) * MINUTE_MS]) {
			if (atMs <= nowOf(year)) continue;
			deps.clock.set(new Date(atMs));
			await expectServing(year);
			if (isHealthy(year, 'cron')) await sweepNow(year);
		}
		return;
	}
	deps.clock.set(new Date(nextMs));
	const photo = random.of(year.photos.filter(({ dueAtMs, isClosed }) => !isClosed && dueAtMs > nextMs));
	const what = random.between(0, 9);
	if (what <= 4) await upload(year);
	else if (what <= 6 && photo !== undefined && isHealthy(year, 'store')) await render(year, photo);
	else if (what === 7 && photo !== undefined) await endEarly(year, photo);
	else if (what === 8) await removeVideo(year);
	else await addRows(year);
	if (isHealthy(year, 'cron') && random.isIn(0.12)) await sweepNow(year);
	else await expectPlaces(year, { isSwept: false });
}

async function expectTheEnd(year: Year): Promise<void> {
	const { deps, photos, assets } = year;
	for (const { objectKey, isDeleted, id } of assets) expect(await hasBytes(objectKey), `asset ${id}`).toBe(!isDeleted);
	const { problems, receipts: issued } = await verifyChain(deps, { keys: publicKeySet(deps.receiptKey) });
	expect(problems).toEqual([]);
	const rows = await deps.db.select({ id: receipts.id, body: receipts.body }).from(receipts);
	const ofPhotos = rows.filter(({ body }) => body.includes('"source_deleted"'));
	expect(ofPhotos).toHaveLength(photos.length);
	expect(issued).toBe(rows.length);
	for (const { id } of rows.filter((_, index) => index % 10 === 0)) {
		expect(await readProof(deps, { receiptId: id })).not.toBeNull();
	}
	const oldest = await deps.db
		.select({ atMs: evidencePoints.atMs })
		.from(evidencePoints)
		.where(and(eq(evidencePoints.dataClass, 'source')))
		.orderBy(evidencePoints.atMs)
		.limit(2);
	const [first, second] = oldest.map(({ atMs }) => Math.floor(atMs / DAY_MS));
	expect(first).not.toBe(second);
}

test(
	`in ${DAYS} days everything leaves at its time, whatever stands still meanwhile, and the evidence says what is so`,
	async () => {
		const { seed } = propertyParameters('fake-clock year', 1);
		const year = await beginYear(seed);
		const { deps } = year;
		const endMs = START.getTime() + DAYS * DAY_MS;
		while (nowOf(year) < endMs) await step(year);
		// Two quiet days, with everything well, for what an outage at the very end left.
		const calm = { ...year, outages: [] };
		for (const hours of [25, 25, 1]) {
			deps.clock.set(new Date(Math.max(endMs + 50 * HOUR_MS, nowOf(year)) + hours * HOUR_MS));
			await sweepNow(calm);
			await deliver(deps);
		}
		await expectTheEnd(calm);
		console.log(`fake-clock year: ${JSON.stringify(year.counts)}`);
		expect(year.counts.photos).toBeGreaterThan(20);
		expect(year.counts.measured).toBeGreaterThan(50);
	},
	YEAR_MS_MAX,
);
