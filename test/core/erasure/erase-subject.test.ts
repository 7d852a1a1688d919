import { env } from 'cloudflare:workers';
import { and, eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { subjects } from '../../../schema/consents';
import { DATA_MAP } from '../../../schema/data-map/data-map';
import { uploads } from '../../../schema/uploads';
import { eraseSubject } from '../../../workers/core/erasure/erase-subject';
import { countLeft } from '../../../workers/core/erasure/owned-rows';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { isErased } from '../../../workers/core/vault/tombstone';
import { givenAccount, givenMember } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { deliver, givenReadyUpload, givenRender, notify, renderWorld, rowsOf } from '../../support/render-world';
import { advanceOnce, erasureOf, givenFinishedSmile, receiptBodyOf, untilErased } from './erasure-world';

const WHENCE = { network: null, country: null, browser: null };

test('an erased patient leaves nothing here or at fal, while the practice and its other patients stay', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenFinishedSmile(deps);
	const other = await givenReadyUpload(deps, actor);
	const subjectId = upload.subjectId!;

	const { erasureId, receiptId } = await eraseSubject(deps, { actor, whence: WHENCE, subjectId });
	await untilErased(deps, erasureId);

	const owner = { kind: 'subject', targetId: subjectId, accountId: actor.accountId } as const;
	for (const table of Object.keys(DATA_MAP))
		expect([table, await countLeft(deps.db, table, owner)]).toEqual([table, 0]);
	expect(await env.VAULT.head(`keys/${subjectId}`)).toBeNull();
	expect(await env.MEDIA.head(upload.objectKey)).toBeNull();
	expect((await env.MEDIA.list({ prefix: `out/${actor.accountId}/` })).objects).toEqual([]);
	expect(deps.fal.requests.every(({ isHeld }) => !isHeld)).toBe(true);
	expect(await deps.db.select().from(uploads).where(eq(uploads.id, other.id))).toMatchObject([{ state: 'ready' }]);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({
		kind: 'subject_erased',
		objectId: subjectId,
		deleted: [
			{ what: 'patient', count: 1 },
			{ what: 'picture or video', count: 2 },
			{ what: 'photo', count: 1 },
			{ what: 'order', count: 1 },
		],
	});
	const told = await deps.db
		.select()
		.from(auditEntries)
		.where(and(eq(auditEntries.accountId, actor.accountId), eq(auditEntries.action, 'subject.erased')));
	expect(told).toMatchObject([{ userId: actor.userId, targetId: subjectId }]);
	await expect(rowsOf(deps, renderId)).rejects.toThrow('no render');
});

test('a webhook that comes after the erasure is answered, and nothing of it is stored', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenFinishedSmile(deps);
	const request = deps.fal.last();
	const { erasureId } = await eraseSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId! });
	await untilErased(deps, erasureId);

	await notify(deps, request);
	await deliver(deps);

	const { results } = await env.DB.prepare('select id from webhook_events where attempt_id like ?')
		.bind(`${renderId}%`)
		.all();
	expect(results).toEqual([]);
});

test('an erasure that is refused when it is written leaves no tombstone, by which the patient would be erased later', async () => {
	const deps = await renderWorld();
	const { actor, upload } = await givenFinishedSmile(deps);
	const subjectId = upload.subjectId!;
	const target = { kind: 'subject', targetId: subjectId, accountId: actor.accountId } as const;
	await expect(requestErasure(deps, target, { holds: sql`0` })).rejects.toThrow('erasures');
	expect(await isErased(deps, subjectId)).toBe(false);

	const { erasureId } = await requestErasure(deps, target);
	expect(await isErased(deps, subjectId)).toBe(true);
	await expect(requestErasure(deps, target, { holds: sql`0` })).resolves.toMatchObject({ erasureId });
	expect(await isErased(deps, subjectId)).toBe(true);
});

test('a patient of another practice is not found, and nothing of the try is left', async () => {
	const deps = await renderWorld();
	const { upload } = await givenFinishedSmile(deps);
	const stranger = await givenAccount(deps);
	const order = { actor: stranger, whence: WHENCE, subjectId: upload.subjectId! };
	await expect(eraseSubject(deps, order)).rejects.toMatchObject({ code: 'not_found' });
	expect(await isErased(deps, upload.subjectId!)).toBe(false);
	const [subject] = await deps.db.select().from(subjects).where(eq(subjects.id, upload.subjectId!));
	expect(subject?.erasedAtMs).toBeNull();
});

test('somebody whose role lost the permission meanwhile erases nobody', async () => {
	const deps = await renderWorld();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const { subjectId } = await givenConsent(deps, owner);
	await expect(eraseSubject(deps, { actor: staff, whence: WHENCE, subjectId })).rejects.toMatchObject({
		code: 'not_allowed',
	});
	const { results } = await env.DB.prepare('select id from erasures where target_id = ?').bind(subjectId).all();
	expect(results).toEqual([]);
});

test('fal that does not forget is named, and the receipt waits until it does', async () => {
	const deps = await renderWorld();
	const { actor, upload } = await givenRender(deps);
	await deliver(deps);
	deps.fal.isForgetful = false;
	const subjectId = upload.subjectId!;
	const { erasureId, receiptId } = await requestErasure(deps, {
		kind: 'subject',
		targetId: subjectId,
		accountId: actor.accountId,
	});
	deps.clock.advance({ minutes: 20 });

	expect(await advanceOnce(deps, erasureId)).toBe('blocked');
	const { erasure, legs } = await erasureOf(deps, erasureId);
	expect(erasure).toMatchObject({ state: 'blocked', blockedLeg: 'processors' });
	expect(legs).toMatchObject({ work: 'deleted', keys: 'deleted', processors: 'open', photos: 'open', records: 'open' });
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();

	deps.fal.isForgetful = true;
	await untilErased(deps, erasureId);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'subject_erased' });
});

test('while an upload address is open the receipt waits, and a photo that comes through it goes too', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor, { state: 'awaiting', byteLength: null });
	const { erasureId, receiptId } = await eraseSubject(deps, { actor, whence: WHENCE, subjectId: upload.subjectId! });
	expect(await advanceOnce(deps, erasureId)).toBe('waiting');
	await env.MEDIA.put(upload.objectKey, 'a photo that was under way');
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();
	await untilErased(deps, erasureId);
	expect(await env.MEDIA.head(upload.objectKey)).toBeNull();
});
