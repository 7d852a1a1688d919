import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { channelsOf } from '../../../workers/core/consents/channels';
import { narrowConsent } from '../../../workers/core/consents/narrow-consent';
import { readConsent } from '../../../workers/core/consents/read-consent';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { standingOf } from '../../../workers/core/consents/consent-standing';
import { listPostings } from '../../../workers/core/postings/list-postings';
import { notePosting } from '../../../workers/core/postings/note-posting';
import { listRenders } from '../../../workers/core/renders/list-renders';
import { readRender, readRenderView, watchRender } from '../../../workers/core/renders/read-render';
import { countD1 } from '../../support/counting-d1';
import { givenAccount } from '../../support/given';
import { renderWorld, type RenderWorld } from '../../support/render-world';
import { givenLineage } from './revocation-world';

const DAY_MS = 86_400_000;

async function givenWork() {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	return { deps, actor, ...(await givenLineage(deps, actor)) };
}

function change(deps: RenderWorld, consentId: string, changed: Partial<typeof consents.$inferInsert>) {
	return deps.db.update(consents).set(changed).where(eq(consents.id, consentId));
}

const inForce = { state: 'active', expiresAtMs: 40 * DAY_MS, narrowedAtMs: null } as const;

test.each([
	['in force', inForce, { state: 'active', endsSoon: false, isNarrowed: false }],
	['with 30 days left', { ...inForce, expiresAtMs: 30 * DAY_MS }, { state: 'active', endsSoon: true }],
	['at its end', { ...inForce, expiresAtMs: 0 }, { state: 'expired', endsSoon: false }],
	['narrowed', { ...inForce, narrowedAtMs: 0 }, { state: 'active', isNarrowed: true }],
	['a draft', { state: 'draft', expiresAtMs: null, narrowedAtMs: null }, { state: 'draft', expiresAt: null }],
	['revoked', { ...inForce, state: 'revoked' }, { state: 'revoked', endsSoon: false }],
] as const)('a consent %s is said to stand so', (_, row, expected) => {
	expect(standingOf('cns_1', row, 0)).toMatchObject({ id: 'cns_1', ...expected });
	expect(standingOf(null, row, 0)).toBeNull();
	expect(standingOf('cns_1', null, 0)).toBeNull();
});

test('the list, a smile, its page, who watches it and its posted copies say the same of the consent, each in one statement', async () => {
	const { deps, actor, renderId, consentId } = await givenWork();
	const [made] = await deps.db.select().from(assets).where(eq(assets.renderId, renderId));
	await deps.db.update(assets).set({ assetClass: 'genuine_pair' }).where(eq(assets.renderId, renderId));
	const purposes = ['show_in_room', 'patient_copy', 'website', 'social_media'];
	await change(deps, consentId, { purposes, channels: channelsOf(purposes) });
	const posted = { place: 'website', address: 'https://practice.example/1', postedAtMs: 1 } as const;
	await notePosting(deps, { actor, assetId: made!.id, ...posted });
	await narrowConsent(deps, { actor, consentId, channels: channelsOf(['show_in_room']) });
	const expiresAtMs = deps.now().getTime() + 7 * DAY_MS;
	await change(deps, consentId, { expiresAtMs });

	const { db, count } = countD1(env.DB);
	const counting = { ...deps, db: drizzle(db) };
	const asked = { actor, renderId };
	const told = [
		(await listRenders(counting, { actor, cursor: undefined, limit: 5 })).items[0]?.consent,
		(await readRender(counting, asked)).consent,
		(await readRenderView(counting, asked)).render.consent,
		(await watchRender(counting, asked)).consent,
		(await listPostings(counting, asked))[0]?.consent,
	];
	expect(count).toEqual({ statements: 5, batches: 0 });
	const expiresAt = new Date(expiresAtMs).toISOString();
	for (const consent of told) {
		expect(consent).toEqual({ id: consentId, state: 'active', endsSoon: true, isNarrowed: true, expiresAt });
	}
});

test('what needs attention is what is still here with a consent that is missing, not in force or about to end', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const kept = await givenLineage(deps, actor);
	const ending = await givenLineage(deps, actor);
	const ended = await givenLineage(deps, actor);
	const missing = await givenLineage(deps, actor);
	const gone = await givenLineage(deps, actor);
	const stranger = await givenAccount(deps);
	const foreign = await givenLineage(deps, stranger);
	const nowMs = deps.now().getTime();
	await change(deps, ending.consentId, { expiresAtMs: nowMs + 30 * DAY_MS });
	for (const { consentId } of [ended, gone, foreign]) await change(deps, consentId, { expiresAtMs: nowMs });
	await deps.db.update(renders).set({ consentId: null }).where(eq(renders.id, missing.renderId));
	await deps.db.update(assets).set({ state: 'deleted' }).where(eq(assets.renderId, gone.renderId));
	await deps.db.update(uploads).set({ state: 'deleted', deletedAtMs: nowMs }).where(eq(uploads.id, gone.upload.id));

	const idsOf = async (needsAttention: boolean) => {
		const { items } = await listRenders(deps, { actor, cursor: undefined, limit: 10, needsAttention });
		return items.map(({ id }) => id).toSorted();
	};
	const wanted = [ending, ended, missing].map(({ renderId }) => renderId).toSorted();
	expect(await idsOf(true)).toEqual(wanted);
	expect(await idsOf(false)).toEqual([...wanted, kept.renderId, gone.renderId].toSorted());
});

test('what needs attention is told a page at a time', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	for (let i = 0; i < 3; i += 1) {
		const { consentId } = await givenLineage(deps, actor);
		await change(deps, consentId, { expiresAtMs: deps.now().getTime() });
		await givenLineage(deps, actor);
	}
	const page = (cursor: string | undefined) => listRenders(deps, { actor, cursor, limit: 2, needsAttention: true });
	const first = await page(undefined);
	const second = await page(first.nextCursor ?? undefined);
	expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
	expect([...first.items, ...second.items].every(({ consent }) => consent?.state === 'expired')).toBe(true);
});

test('a consent by itself tells the words that were signed and what ends with it, in one statement', async () => {
	const { deps, actor, consentId, renderId } = await givenWork();
	const { db, count } = countD1(env.DB);
	const read = await readConsent({ ...deps, db: drizzle(db) }, { actor, consentId });
	expect(count).toEqual({ statements: 1, batches: 0 });
	expect(read).toMatchObject({
		state: 'active',
		signedVia: 'staff',
		signerRole: 'patient',
		elements: {
			description: 'One portrait and the video made from it',
			signerName: 'Mara Sample',
			signedAt: deps.now().toISOString(),
			isDrawn: false,
			paperCheckedAt: null,
		},
		rests: { photos: 1, made: 3, underWay: 0, links: 3, posted: 0 },
	});
	await deps.db.update(renders).set({ state: 'running' }).where(eq(renders.id, renderId));
	expect((await readConsent(deps, { actor, consentId })).rests.underWay).toBe(1);
});

test('what is counted as ending with a consent is what its revocation ends', async () => {
	const { deps, actor, consentId } = await givenWork();
	const { rests } = await readConsent(deps, { actor, consentId });
	const revoked = await revokeConsent(deps, { actor, consentId });
	expect(revoked).toMatchObject({ photosBeingDeleted: rests.photos, madeBeingDeleted: rests.made });
	expect((await readConsent(deps, { actor, consentId })).rests).toMatchObject({ photos: 0, made: 0, links: 0 });
});

test('somebody else’s consent is not found', async () => {
	const { deps, consentId } = await givenWork();
	const stranger = await givenAccount(deps);
	await expect(readConsent(deps, { actor: stranger, consentId })).rejects.toMatchObject({ code: 'not_found' });
});
