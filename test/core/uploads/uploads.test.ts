import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { uploads } from '../../../schema/uploads';
import { STUDIOS } from '../../../studios/all';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import type { ObjectFacts, StoredObjects } from '../../../workers/core/deps';
import { verifyGet, verifyPut } from '../../../workers/core/media/sign-url';
import { LATE_PUT_MS, PUT_MINUTES } from '../../../workers/core/media/upload-window';
import { OPEN_UPLOADS_MAX } from '../../../workers/core/uploads/announce-upload';
import { completeUpload } from '../../../workers/core/uploads/complete-upload';
import { createUpload } from '../../../workers/core/uploads/create-upload';
import { deleteUpload } from '../../../workers/core/uploads/delete-upload';
import { readUpload } from '../../../workers/core/uploads/read-upload';
import { nextUploadState, type UploadEvent, type UploadState } from '../../../workers/core/uploads/upload-state';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { givenConsent } from '../../support/given-consent';

const FACTS: ObjectFacts = { contentType: 'image/jpeg', byteLength: 900, width: 768, height: 960 };
const ARRIVED: StoredObjects = { head: () => Promise.resolve(FACTS) };
const NOT_THERE: StoredObjects = { head: () => Promise.resolve(null) };

async function givenOrder(deps: TestDeps) {
	const actor = await givenAccount(deps);
	const consent = await givenConsent(deps, actor);
	return {
		actor,
		network: null,
		contentType: 'image/jpeg',
		byteLength: 1000,
		subjectId: consent.subjectId,
		consentId: consent.id,
	};
}

function rowsOf(deps: TestDeps, accountId: string) {
	return deps.db.select().from(uploads).where(eq(uploads.accountId, accountId));
}

test('an upload gets one signed address for its type, length and ten minutes', async () => {
	const deps = freshDeps();
	const order = await givenOrder(deps);

	const ticket = await createUpload(deps, order);

	const nowMs = deps.now().getTime();
	const claims = await verifyPut(deps.urlSigningKey, ticket.put.url, 'PUT', nowMs);
	expect(claims).toMatchObject({ contentType: 'image/jpeg', byteLength: 1000, expiresAtMs: nowMs + 600_000 });
	expect(claims.objectKey).toMatch(new RegExp(`^src/${order.actor.accountId}/[0-9a-f]{32}$`));
	expect(await rowsOf(deps, order.actor.accountId)).toMatchObject([
		{ id: ticket.id, state: 'awaiting', objectKey: claims.objectKey, deleteClock: 'creation' },
	]);
	expect(Date.parse(ticket.deleteAt)).toBe(nowMs + 24 * 3_600_000);
});

test.each([
	['image/heic', 1000, 'unsupported_media_type', 'HEIC'],
	['application/pdf', 1000, 'unsupported_media_type', 'JPEG, PNG or WebP'],
	['image/svg+xml', 1000, 'unsupported_media_type', 'JPEG, PNG or WebP'],
	['image/jpeg', 25 * 1024 * 1024 + 1, 'payload_too_large', '26 MB'],
])('%s of %i bytes is refused as %s and leaves no trace', async (contentType, byteLength, code, words) => {
	const deps = freshDeps();
	const order = await givenOrder(deps);

	const refused = createUpload(deps, { ...order, contentType, byteLength });

	await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
	expect(await rowsOf(deps, order.actor.accountId)).toEqual([]);
});

test.each([
	['no consent at all', () => ({ consentId: undefined })],
	['a consent of another subject', () => ({ subjectId: 'sub_00000000000000000000000000' })],
	['a consent that does not exist', () => ({ consentId: 'cns_00000000000000000000000000' })],
])('%s is refused and leaves no trace', async (_, wrong) => {
	const deps = freshDeps();
	const order = await givenOrder(deps);

	await expect(createUpload(deps, { ...order, ...wrong() })).rejects.toMatchObject({ code: 'consent_required' });
	expect(await rowsOf(deps, order.actor.accountId)).toEqual([]);
});

test('a draft, an expired, a revoked and a foreign consent are refused and leave no trace', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const draft = await givenConsent(deps, actor, { signerName: null });
	const brief = await givenConsent(deps, actor, { expiresAtMs: deps.now().getTime() + 1000 });
	const revoked = await givenConsent(deps, actor);
	await revokeConsent(deps, { actor, consentId: revoked.id });
	const foreign = await givenConsent(deps, await givenAccount(deps));
	deps.clock.advance({ seconds: 2 });

	for (const { id, subjectId } of [draft, brief, revoked, foreign]) {
		const order = { actor, network: null, contentType: 'image/png', byteLength: 10, subjectId, consentId: id };
		await expect(createUpload(deps, order)).rejects.toMatchObject({ code: 'consent_required' });
	}
	expect(await rowsOf(deps, actor.accountId)).toEqual([]);
});

test('twenty photos may be announced at once; of thirty asked for together twenty are, in one round trip each; the refused ask twice more why', async () => {
	const { db, count } = countD1(env.DB);
	const deps = freshDeps({ studio: STUDIOS.image });
	const actor = await givenAccount(deps);
	const order = {
		actor,
		network: null,
		contentType: 'image/webp',
		byteLength: 10,
		subjectId: undefined,
		consentId: undefined,
	};
	const counting = { ...deps, db: drizzle(db) };
	const answers = await Promise.allSettled(Array.from({ length: 30 }, () => createUpload(counting, order)));

	expect(count).toEqual({ statements: 30 * 2 + 10 * 2, batches: 30 });
	expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(OPEN_UPLOADS_MAX);
	await expect(createUpload(deps, order)).rejects.toMatchObject({
		code: 'too_many_requests',
		message: '20 photos are announced and have not come yet. Send them, or wait until their addresses end.',
	});
	const rows = await rowsOf(deps, actor.accountId);
	expect(rows).toHaveLength(OPEN_UPLOADS_MAX);
	// Somebody else's do not count, and a photo that came makes room.
	const other = { ...order, actor: await givenAccount(deps) };
	expect(await createUpload(deps, other)).toMatchObject({ state: 'awaiting' });
	await completeUpload({ ...deps, objects: ARRIVED }, { actor, uploadId: rows[0]!.id });
	expect(await createUpload(deps, order)).toMatchObject({ state: 'awaiting' });
});

test('what a studio says of a half-sent photo is when its address and what may still come have ended', () => {
	for (const { retention } of Object.values(STUDIOS)) {
		expect(retention.unusedUploadMinutes).toBe(PUT_MINUTES + LATE_PUT_MS / 60_000);
	}
});

test('a studio without patients takes an upload without consent', async () => {
	const deps = freshDeps({ studio: STUDIOS.image });
	const actor = await givenAccount(deps);
	const order = {
		actor,
		network: null,
		contentType: 'image/webp',
		byteLength: 10,
		subjectId: undefined,
		consentId: undefined,
	};

	expect(await createUpload(deps, order)).toMatchObject({ state: 'awaiting', consentId: null });
});

test('completing makes it ready with what was measured, and repeating answers the same', async () => {
	const deps = { ...freshDeps(), objects: ARRIVED };
	const order = await givenOrder(deps);
	const { id } = await createUpload(deps, order);

	const ready = await completeUpload(deps, { actor: order.actor, uploadId: id });
	const again = await completeUpload({ ...deps, objects: NOT_THERE }, { actor: order.actor, uploadId: id });

	expect(ready).toMatchObject({ state: 'ready', byteLength: 900, width: 768, height: 960 });
	expect(again).toEqual(ready);
});

test('a photo that never arrived stays awaited', async () => {
	const deps = { ...freshDeps(), objects: NOT_THERE };
	const order = await givenOrder(deps);
	const { id } = await createUpload(deps, order);

	const early = completeUpload(deps, { actor: order.actor, uploadId: id });

	await expect(early).rejects.toMatchObject({ code: 'upload_incomplete' });
	expect(await rowsOf(deps, order.actor.accountId)).toMatchObject([{ state: 'awaiting', byteLength: null }]);
});

test('a consent revoked between address and completion stops the upload', async () => {
	const deps = { ...freshDeps(), objects: ARRIVED };
	const order = await givenOrder(deps);
	const { id } = await createUpload(deps, order);
	await revokeConsent(deps, { actor: order.actor, consentId: order.consentId });

	await expect(completeUpload(deps, { actor: order.actor, uploadId: id })).rejects.toMatchObject({ code: 'gone' });
	expect(deps.sent.map(({ message }) => message)).toEqual([
		{ type: 'upload.delete', uploadId: id },
		{ type: 'consent.revoked', consentId: order.consentId },
	]);
});

test('another practice’s upload is not found, to complete, read or delete', async () => {
	const deps = { ...freshDeps(), objects: ARRIVED };
	const order = await givenOrder(deps);
	const { id } = await createUpload(deps, order);
	const asBob = { actor: await givenAccount(deps), uploadId: id };

	await expect(completeUpload(deps, asBob)).rejects.toMatchObject({ code: 'not_found' });
	await expect(readUpload(deps, asBob)).rejects.toMatchObject({ code: 'not_found' });
	await expect(deleteUpload(deps, asBob)).rejects.toMatchObject({ code: 'not_found' });
	expect(await rowsOf(deps, order.actor.accountId)).toMatchObject([{ state: 'awaiting' }]);
});

test('a view ends in five minutes and never after the photo', async () => {
	const deps = { ...freshDeps(), objects: ARRIVED };
	const order = await givenOrder(deps);
	const { id } = await createUpload(deps, order);
	await completeUpload(deps, { actor: order.actor, uploadId: id });
	const viewEnd = async () => {
		const { url } = await readUpload(deps, { actor: order.actor, uploadId: id });
		if (url === null) return null;
		const claims = await verifyGet(deps.urlSigningKey, url, 'GET', deps.now().getTime());
		return claims.expiresAtMs - deps.now().getTime();
	};

	expect(await viewEnd()).toBe(300_000);
	deps.clock.advance({ hours: 23, minutes: 58 });
	expect(await viewEnd()).toBe(120_000);
	deps.clock.advance({ minutes: 2 });
	expect(await viewEnd()).toBeNull();
});

test('deleting ends a photo now, tells the queue once, and repeating answers the same receipt', async () => {
	const deps = { ...freshDeps(), objects: ARRIVED };
	const order = await givenOrder(deps);
	const { id, receiptId } = await createUpload(deps, order);
	await completeUpload(deps, { actor: order.actor, uploadId: id });

	const first = await deleteUpload(deps, { actor: order.actor, uploadId: id });
	const again = await deleteUpload(deps, { actor: order.actor, uploadId: id });

	expect([first, again]).toEqual([{ receiptId }, { receiptId }]);
	expect(deps.sent.map(({ message }) => message)).toEqual([{ type: 'upload.delete', uploadId: id }]);
	expect(await rowsOf(deps, order.actor.accountId)).toMatchObject([
		{ state: 'deleting', deleteClock: 'request', deleteAtMs: deps.now().getTime() },
	]);
	expect((await readUpload(deps, { actor: order.actor, uploadId: id })).url).toBeNull();
});

test('an upload whose time passed without a photo has nothing to delete', async () => {
	const deps = { ...freshDeps(), objects: NOT_THERE };
	const order = await givenOrder(deps);
	const { id } = await createUpload(deps, order);
	await deps.db.update(uploads).set({ state: 'expired' }).where(eq(uploads.id, id));

	const refused = deleteUpload(deps, { actor: order.actor, uploadId: id });

	await expect(refused).rejects.toMatchObject({ code: 'gone', message: expect.stringContaining('ever arrived') });
	expect(deps.sent).toEqual([]);
});

const STATES: UploadState[] = ['awaiting', 'ready', 'deleting', 'deleted', 'rejected', 'expired'];
const EVENTS: UploadEvent[] = ['completed', 'refused', 'abandoned', 'due', 'erased'];
const LEGAL = new Map<string, UploadState>([
	['awaiting completed', 'ready'],
	['awaiting refused', 'rejected'],
	['awaiting abandoned', 'expired'],
	['awaiting due', 'deleting'],
	['ready due', 'deleting'],
	['deleting erased', 'deleted'],
	['deleting abandoned', 'expired'],
]);

test.each(STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const)))(
	'from %s, %s leads only where it may',
	(state, event) => {
		expect(nextUploadState(state, event)).toBe(LEGAL.get(`${state} ${event}`) ?? null);
	},
);
