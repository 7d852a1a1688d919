import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import type { Actor } from '../../../workers/core/actor';
import { completeComposition } from '../../../workers/core/compositions/complete-composition';
import { createComposition, type CompositionOrder } from '../../../workers/core/compositions/create-composition';
import { createPair, type PairOrder } from '../../../workers/core/compositions/create-pair';
import type { Deps, StoredObjects } from '../../../workers/core/deps';
import { givenConsent } from '../../support/given-consent';
import { deliver, finishStage, givenRender, renderWorld, type RenderWorld, rowsOf } from '../../support/render-world';

export const FILM = { contentType: 'video/mp4', byteLength: 4_200_000 };
export const STILL = { contentType: 'image/jpeg', byteLength: 90_000 };

/** A smile that is ready, with its after picture and its video. */
export async function givenSmile(told: Parameters<typeof renderWorld>[0] = {}) {
	const deps = await renderWorld(told);
	const given = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	const [after, video] = (await rowsOf(deps, given.renderId)).assets;
	return { deps, ...given, after: after!, video: video! };
}

/** An account’s own pair, attested, under a consent that covers every purpose. */
export async function givenPair(deps: RenderWorld, actor: Actor) {
	const purposes = ['show_in_room', 'patient_copy', 'website', 'social_media'];
	const consent = await givenConsent(deps, actor, { purposes });
	const order = pairOrder(actor, consent.id);
	return { consent, order, renderId: (await createPair(deps, order)).id };
}

export function pairOrder(actor: Actor, consentId: string, key: string = crypto.randomUUID()): PairOrder {
	return { actor, network: null, key, consentId, treatment: 'bonding', attested: true };
}

export function reelOrder(actor: Actor, renderId: string, changed: Partial<CompositionOrder> = {}): CompositionOrder {
	return { actor, network: null, renderId, kind: 'reel', ...FILM, madeOf: [], ...changed };
}

/** What the media host would have answered: the file came, and was proved to be a film of six seconds. */
export const CAME: { objects: StoredObjects } = {
	objects: {
		head: () => Promise.resolve({ ...FILM, width: 1080, height: 1920, durationMs: 6000 }),
	},
};
export const NEVER_CAME: { objects: StoredObjects } = { objects: { head: () => Promise.resolve(null) } };

/** Announced, sent and kept. */
export async function givenKept(deps: RenderWorld, order: CompositionOrder) {
	const { id } = await createComposition(deps, order);
	await putBytes(deps, id);
	await completeComposition({ ...deps, ...CAME }, { actor: order.actor, compositionId: id });
	return assetRow(deps, id);
}

export async function putBytes(deps: Pick<Deps, 'db'>, id: string): Promise<void> {
	await env.MEDIA.put((await assetRow(deps, id)).objectKey, new Uint8Array([1, 2, 3]));
}

export async function assetRow({ db }: Pick<Deps, 'db'>, id: string) {
	const [row] = await db.select().from(assets).where(eq(assets.id, id));
	if (row === undefined) throw new Error(`no asset ${id}`);
	return row;
}

/** What devices made of an order, as stored. */
export async function madeByDevice(deps: Pick<Deps, 'db'>, renderId: string) {
	const rows = await deps.db.select().from(assets).where(eq(assets.renderId, renderId));
	return rows.filter(({ putExpiresAtMs }) => putExpiresAtMs !== null);
}
