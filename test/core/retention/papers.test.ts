import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../../../workers/core/actor';
import { recordPaper } from '../../../workers/core/consents/record-paper';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { seePaper } from '../../../workers/core/consents/see-paper';
import { eraseSubject } from '../../../workers/core/erasure/erase-subject';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { advanceErasure } from '../../../workers/core/erasure/advance-erasure';
import { listMedia } from '../../../workers/core/exports/export-media';
import { readDeletion } from '../../../workers/core/retention/read-deletion';
import { removeUnnamed } from '../../../workers/core/retention/remove-unnamed';
import { sweep } from '../../../workers/core/retention/sweep';
import { createPaperUpload } from '../../../workers/core/uploads/create-paper-upload';
import { KEPT_UNTIL_MS } from '../../../workers/core/uploads/upload-state';
import { givenAccount } from '../../support/given';
import { completeElements } from '../../support/given-consent';
import { WHENCE } from '../../support/given-invitation';
import { ALL_SEEN, givenDraft, givenPaper } from '../consents/given-paper';
import { hasBytes, photoRow, putBytes, retentionWorld, type RetentionWorld } from './retention-world';

async function givenStoredPaper(deps: RetentionWorld, actor: Actor) {
	const consentId = await givenDraft(deps, actor);
	const uploadId = await givenPaper(deps, actor, consentId);
	const row = await photoRow(deps, uploadId);
	if (row === undefined) throw new Error('the paper was not stored');
	await putBytes(row.objectKey);
	return { consentId, uploadId, objectKey: row.objectKey, receiptId: row.receiptId };
}

function record(deps: RetentionWorld, actor: Actor, consentId: string) {
	const elements = completeElements(deps.now().getTime());
	return recordPaper(deps, { actor, whence: WHENCE, consentId, elements, checked: ALL_SEEN });
}

function sweepNow(deps: RetentionWorld) {
	return sweep(deps, { scheduledAtMs: deps.now().getTime() });
}

function consentRow(deps: RetentionWorld, consentId: string) {
	return deps.db.select().from(consents).where(eq(consents.id, consentId));
}

test('no sweep takes a paper that was checked, however long the consent is over', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const paper = await givenStoredPaper(deps, actor);
	await record(deps, actor, paper.consentId);

	for (const hours of [25, 24 * 400, 24 * 365 * 20]) {
		deps.clock.advance({ hours });
		expect((await sweepNow(deps)).failures).toBe(0);
		expect(await hasBytes(paper.objectKey)).toBe(true);
	}
	expect(await consentRow(deps, paper.consentId)).toMatchObject([{ state: 'expired', paperUploadId: paper.uploadId }]);
	expect(await seePaper(deps, { actor, whence: WHENCE, consentId: paper.consentId })).not.toBeNull();
});

test('a draft that is swept takes its paper with it, and the receipt names our store alone', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const paper = await givenStoredPaper(deps, actor);

	deps.clock.advance({ hours: 24 });
	const result = await sweepNow(deps);

	expect(result.failures).toBe(0);
	expect(await hasBytes(paper.objectKey)).toBe(false);
	expect(await consentRow(deps, paper.consentId)).toEqual([]);
	expect(await photoRow(deps, paper.uploadId)).toMatchObject({ state: 'deleted', consentId: null });
	expect(await readDeletion(deps, { actor, receiptId: paper.receiptId })).toMatchObject({
		state: 'issued',
		receipt: {
			body: {
				deleted: [{ what: 'paper of a consent', count: 1 }],
				places: [{ name: 'Our private store', state: 'deleted' }],
				kept: [],
				reason: 'window_ended',
			},
		},
	});
});

test('a paper that was sent and never completed goes with its address, and its draft a day after it began', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const consentId = await givenDraft(deps, actor);
	const order = { actor, network: null, contentType: 'application/pdf', byteLength: 3, consentId };
	const { id } = await createPaperUpload(deps, order);
	const objectKey = (await photoRow(deps, id))?.objectKey ?? '';
	await putBytes(objectKey);

	deps.clock.advance({ minutes: 15 });
	await sweepNow(deps);
	expect(await hasBytes(objectKey)).toBe(false);
	expect(await photoRow(deps, id)).toMatchObject({ state: 'deleted' });
	expect(await consentRow(deps, consentId)).toMatchObject([{ state: 'draft', paperUploadId: null }]);
	deps.clock.advance({ hours: 24 });
	await sweepNow(deps);
	expect(await consentRow(deps, consentId)).toEqual([]);
});

test('a crash right after a consent was recorded keeps its paper: the sweep makes good what was not written', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const paper = await givenStoredPaper(deps, actor);
	const draftEndMs = (await photoRow(deps, paper.uploadId))?.deleteAtMs ?? 0;
	await record(deps, actor, paper.consentId);
	await deps.db.update(uploads).set({ deleteAtMs: draftEndMs }).where(eq(uploads.id, paper.uploadId));

	deps.clock.advance({ hours: 30 });
	await sweepNow(deps);

	expect(await hasBytes(paper.objectKey)).toBe(true);
	expect(await photoRow(deps, paper.uploadId)).toMatchObject({ state: 'ready', deleteAtMs: KEPT_UNTIL_MS });
});

test('recorded in the minute in which its draft is swept, a consent has its paper or is none', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const paper = await givenStoredPaper(deps, actor);
	deps.clock.advance({ hours: 24 });

	const [recorded] = await Promise.allSettled([record(deps, actor, paper.consentId), sweepNow(deps)]);

	expect(recorded.status).toBe('rejected');
	expect((await consentRow(deps, paper.consentId)).filter(({ state }) => state === 'active')).toEqual([]);
	expect(await hasBytes(paper.objectKey)).toBe(false);
});

test('a revocation leaves the paper that was checked, and takes one that was not', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const checked = await givenStoredPaper(deps, actor);
	await record(deps, actor, checked.consentId);
	const unchecked = await givenStoredPaper(deps, actor);

	for (const { consentId } of [checked, unchecked]) await revokeConsent(deps, { actor, consentId });
	deps.clock.advance({ hours: 25 });
	await sweepNow(deps);

	expect(await hasBytes(checked.objectKey)).toBe(true);
	expect(await hasBytes(unchecked.objectKey)).toBe(false);
	expect(await consentRow(deps, checked.consentId)).toMatchObject([{ state: 'revoked' }]);
});

test('an erased patient’s paper goes with its receipt, and so does an erased account’s, strays included', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const [one, two] = [await givenStoredPaper(deps, actor), await givenStoredPaper(deps, actor)];
	for (const { consentId } of [one, two]) await record(deps, actor, consentId);
	const [row] = await consentRow(deps, one.consentId);
	const stray = `pap/${actor.accountId}/${'a'.repeat(32)}`;
	await putBytes(stray);

	const ofPatient = await eraseSubject(deps, { actor, whence: WHENCE, subjectId: row?.subjectId ?? '' });
	await untilErased(deps, ofPatient.erasureId);
	expect(await Promise.all([one, two].map(({ objectKey }) => hasBytes(objectKey)))).toEqual([false, true]);
	expect(await consentRow(deps, one.consentId)).toEqual([]);

	const { accountId } = actor;
	const ofAccount = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	await untilErased(deps, ofAccount.erasureId);
	expect((await env.MEDIA.list({ prefix: `pap/${accountId}/` })).objects).toEqual([]);
	expect(await deps.db.select().from(uploads).where(eq(uploads.accountId, accountId))).toEqual([]);
});

test('a copy of everything holds the papers, as long as the account keeps them', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const paper = await givenStoredPaper(deps, actor);
	await record(deps, actor, paper.consentId);

	expect(await listMedia(deps, actor)).toEqual([
		{
			name: `media/papers/${paper.uploadId}.pdf`,
			objectKey: paper.objectKey,
			byteLength: 900,
			dataClass: 'consent',
			deleteAtMs: null,
		},
	]);
});

test('what lies among the papers without a row goes within hours, what has one stays', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const paper = await givenStoredPaper(deps, actor);
	const stray = `pap/${actor.accountId}/${'b'.repeat(32)}`;
	await putBytes(stray);

	await removeUnnamed(deps, { cursor: 'pap/', dueMs: Date.now() + 2 * 3_600_000 });
	// The bucket's own clock says when something was put, and that was just now.
	expect(await hasBytes(stray)).toBe(true);
	const blobs = { ...deps.blobs, list: agedList(deps) };
	const { found } = await removeUnnamed({ ...deps, blobs }, { cursor: 'pap/', dueMs: Date.now() });

	expect(found).toBe(1);
	expect(await hasBytes(stray)).toBe(false);
	expect(await hasBytes(paper.objectKey)).toBe(true);
});

/** The bucket as it would list what was put two hours before. */
function agedList({ blobs }: RetentionWorld): RetentionWorld['blobs']['list'] {
	return async (prefix, cursor) => {
		const page = await blobs.list(prefix, cursor);
		return { ...page, objects: page.objects.map((one) => ({ ...one, putAtMs: one.putAtMs - 2 * 3_600_000 })) };
	};
}

async function untilErased(deps: RetentionWorld, erasureId: string): Promise<void> {
	for (let round = 0; round < 40; round += 1) {
		if ((await advanceErasure(deps, { erasureId })) === 'certified') return;
		deps.clock.advance({ minutes: 20 });
	}
	throw new Error('the erasure did not end');
}
