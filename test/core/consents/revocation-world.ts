import { env } from 'cloudflare:workers';
import { eq, inArray } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, attempts, renders } from '../../../schema/renders';
import { shares } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../../../workers/core/actor';
import { newObjectKey } from '../../../workers/core/media/object-keys';
import { sweep } from '../../../workers/core/retention/sweep';
import { deliver, givenReadyUpload, type RenderWorld } from '../../support/render-world';

type AssetRow = typeof assets.$inferSelect;
const MINUTE_MS = 60_000;

/** A consent with a photo, an order that ended a day ago and was forgotten, and what that made, each with its bytes. */
export async function givenLineage(
	deps: RenderWorld,
	actor: Actor,
	made: readonly Partial<AssetRow>[] = [{ kind: 'after' }, { kind: 'video' }, { assetClass: 'composition' }],
) {
	const endedAtMs = deps.now().getTime() - 24 * 60 * MINUTE_MS;
	const upload = await givenReadyUpload(deps, actor, { putExpiresAtMs: endedAtMs });
	const { accountId } = actor;
	const renderId = deps.newId('render');
	await deps.db.insert(renders).values({
		id: renderId,
		accountId,
		requestedBy: actor.userId,
		tool: 'smile.video',
		input: '{}',
		uploadId: upload.id,
		subjectId: upload.subjectId,
		consentId: upload.consentId,
		state: 'succeeded',
		creditsHeld: 0,
		createdAtMs: endedAtMs,
		finishedAtMs: endedAtMs,
		deadlineAtMs: endedAtMs,
		forgottenAtMs: endedAtMs,
	});
	for (const [at, changed] of made.entries()) {
		const row = await insertAsset(deps, { accountId, renderId, at, endedAtMs, changed });
		await env.MEDIA.put(row.objectKey, new Uint8Array([1]));
		if (row.state !== 'ready') continue;
		await deps.db.insert(shares).values({
			id: deps.newId('share'),
			accountId,
			subjectId: upload.subjectId,
			assetId: row.id,
			shows: 'asset',
			tokenHash: crypto.randomUUID(),
			createdBy: actor.userId,
			createdAtMs: endedAtMs,
			expiresAtMs: deps.now().getTime() + 60 * MINUTE_MS,
		});
	}
	return { upload, renderId, consentId: upload.consentId ?? '' };
}

async function insertAsset(
	{ db, newId }: RenderWorld,
	order: { accountId: string; renderId: string; at: number; endedAtMs: number; changed: Partial<AssetRow> },
): Promise<AssetRow> {
	const { accountId, renderId, at, endedAtMs, changed } = order;
	const [row] = await db
		.insert(assets)
		.values({
			id: newId('asset'),
			accountId,
			renderId,
			stage: `made_${at}`,
			kind: 'video',
			assetClass: 'simulation',
			state: 'ready',
			objectKey: newObjectKey('out', accountId),
			contentType: 'video/mp4',
			byteLength: 1,
			createdAtMs: endedAtMs,
			receiptId: newId('receipt'),
			...changed,
		})
		.returning();
	if (row === undefined) throw new Error('nothing was made');
	return row;
}

/** Every row that rests on a consent, and the keys of bytes that are still there for them. */
export async function lineageOf({ db }: Pick<RenderWorld, 'db'>, consentId: string) {
	const ofConsent = db.select({ id: renders.id }).from(renders).where(eq(renders.consentId, consentId));
	const photos = await db.select().from(uploads).where(eq(uploads.consentId, consentId));
	const made = await db.select().from(assets).where(inArray(assets.renderId, ofConsent)).orderBy(assets.stage);
	const madeIds = made.map(({ id }) => id);
	const links = madeIds.length === 0 ? [] : await db.select().from(shares).where(inArray(shares.assetId, madeIds));
	const [consent] = await db.select().from(consents).where(eq(consents.id, consentId));
	const orders = await db.select().from(renders).where(eq(renders.consentId, consentId));
	const tries = await db.select().from(attempts).where(inArray(attempts.renderId, ofConsent));
	const heads = await Promise.all(
		[...photos, ...made].map(async ({ objectKey }) => ((await env.MEDIA.head(objectKey)) === null ? [] : [objectKey])),
	);
	return { consent, photos, made, links, orders, tries, stored: heads.flat().toSorted() };
}

/** Until no address is open any more, and the sweep came in one of the minutes in which it asks for receipts. */
export async function untilConfirmed(deps: RenderWorld): Promise<void> {
	await deliver(deps);
	for (const minutes of [20, 5]) {
		deps.clock.advance({ minutes });
		const passed = deps.now().getUTCMinutes() % 5;
		if (passed > 0) deps.clock.advance({ minutes: 5 - passed });
		await sweep(deps, { scheduledAtMs: deps.now().getTime() });
		await deliver(deps);
	}
}
