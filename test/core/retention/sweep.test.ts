import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';

import { eq } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { legalHolds } from '../../../schema/erasures';
import { attempts } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { verifyChain } from '../../../workers/core/receipts/verify-chain';
import { publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { readDeletion } from '../../../workers/core/retention/read-deletion';
import { SWEEP_PHOTOS, sweep, type SweepResult } from '../../../workers/core/retention/sweep';
import { deleteUpload } from '../../../workers/core/uploads/delete-upload';
import { readUpload } from '../../../workers/core/uploads/read-upload';
import { noteRowsRead, type RowsRead } from '../../../bench/sweep/rows-read';
import { countD1 } from '../../support/counting-d1';
import { isWrite } from '../../support/intercepted-d1';
import { faultyD1 } from '../../support/faulty-d1';
import { givenAccount } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import {
	givenEndedRender,
	givenPhoto,
	hasBytes,
	HOUR_MS,
	photoRow,
	putBytes,
	receiptsOf,
	retentionWorld,
	type RetentionWorld,
} from './retention-world';

// A sweep takes on whatever is due, so what an earlier test of this file left behind is put out of its reach.
beforeEach(async () => {
	await env.DB.exec("UPDATE uploads SET state = 'expired' WHERE state IN ('awaiting', 'ready', 'deleting')");
	await env.DB.exec('UPDATE renders SET forgotten_at_ms = 1 WHERE forgotten_at_ms IS NULL');
});

function sweepNow(deps: RetentionWorld): Promise<SweepResult> {
	return sweep(deps, { scheduledAtMs: deps.now().getTime() });
}

test('a photo is deleted at its hour, not a millisecond before, and its receipt says where it was looked for', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const photo = await givenPhoto(deps, actor);

	deps.clock.set(new Date(photo.deleteAtMs - 1));
	await sweepNow(deps);
	expect(await photoRow(deps, photo.id)).toMatchObject({ state: 'ready' });
	expect(await hasBytes(photo.objectKey)).toBe(true);

	deps.clock.set(new Date(photo.deleteAtMs));
	const result = await sweepNow(deps);

	expect(result).toMatchObject({ sourcesDeleted: 1, sourcesLate: 0, failures: 0 });
	expect(await hasBytes(photo.objectKey)).toBe(false);
	expect(await photoRow(deps, photo.id)).toMatchObject({ state: 'deleted', deletedAtMs: photo.deleteAtMs });
	const deletion = await readDeletion(deps, { actor, receiptId: photo.receiptId });
	expect(deletion).toMatchObject({
		state: 'issued',
		receipt: {
			body: {
				objectId: photo.id,
				reason: 'window_ended',
				places: [
					{ name: 'Our private store', state: 'deleted' },
					{ name: 'fal.ai', state: 'nothing_held' },
				],
			},
		},
	});
});

test('a clock that runs ahead of the cron deletes nothing early', async () => {
	const deps = await retentionWorld();
	const photo = await givenPhoto(deps, await givenAccount(deps));
	const cronAtMs = photo.deleteAtMs - 1000;

	deps.clock.set(new Date(photo.deleteAtMs + HOUR_MS));
	await sweep(deps, { scheduledAtMs: cronAtMs });

	expect(await photoRow(deps, photo.id)).toMatchObject({ state: 'ready' });
});

test('missed crons are caught up with in bounded steps, and lateness is counted', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const count = SWEEP_PHOTOS + 3;
	for (let index = 0; index < count; index += 1) await givenPhoto(deps, actor, { dueInMs: HOUR_MS });

	deps.clock.advance({ hours: 3 });
	const first = await sweepNow(deps);
	const second = await sweepNow(deps);
	const third = await sweepNow(deps);

	expect([first.sourcesDeleted, second.sourcesDeleted, third.sourcesDeleted]).toEqual([SWEEP_PHOTOS, 3, 0]);
	expect(first.sourcesLate).toBe(SWEEP_PHOTOS);
	expect(await receiptsOf(deps, actor)).toHaveLength(count);
});

test('two sweeps at once sign each receipt once, and the chain holds', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const photos = await Promise.all(Array.from({ length: 6 }, () => givenPhoto(deps, actor, { dueInMs: HOUR_MS })));
	deps.clock.advance({ hours: 1 });

	await Promise.all([sweepNow(deps), sweepNow(deps), sweepNow(deps)]);
	await sweepNow(deps);
	takeConsoleErrors();

	expect(await receiptsOf(deps, actor)).toHaveLength(photos.length);
	for (const photo of photos) expect(await photoRow(deps, photo.id)).toMatchObject({ state: 'deleted' });
	expect(await verifyChain(deps, { keys: publicKeySet(deps.receiptKey) })).toMatchObject({ problems: [] });
});

test('while the processor still holds a copy the receipt is withheld, and comes when it is gone', async () => {
	let held = true;
	const deps = await retentionWorld({ forget: () => Promise.resolve({ kind: held ? 'left' : 'gone', seen: [] }) });
	const actor = await givenAccount(deps);
	const photo = await givenPhoto(deps, actor);
	const renderId = await givenEndedRender(deps, actor, photo.id);
	await deps.db.insert(attempts).values({
		id: `${renderId}.after_image.1`,
		renderId,
		stage: 'after_image',
		number: 1,
		state: 'failed',
		processor: 'fal',
		endpoint: 'fal-ai/nano-banana-2/edit',
		requestId: 'req-1',
		createdAtMs: deps.now().getTime(),
		deadlineAtMs: deps.now().getTime(),
	});
	deps.clock.advance({ hours: 24 });

	const withheld = await sweepNow(deps);
	expect(takeConsoleErrors().length).toBeGreaterThan(0);
	expect(withheld.sourcesDeleted).toBe(0);
	expect(withheld.failures).toBeGreaterThan(0);
	expect(await hasBytes(photo.objectKey)).toBe(false);
	expect(await readDeletion(deps, { actor, receiptId: photo.receiptId })).toMatchObject({
		state: 'pending',
		waitingFor: ['Our private store', 'fal.ai'],
	});

	held = false;
	// This one has the copy forgotten, after it looked at the photos; the next one signs.
	await sweepNow(deps);
	const asked = deps.now().toISOString();
	deps.clock.advance({ minutes: 1 });
	expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 1, failures: 0 });
	const [receipt] = await receiptsOf(deps, actor);
	expect(receipt?.body).toContain('"name":"fal.ai","state":"deleted"');
	// Said of fal is the moment at which it was asked, not the one at which this was signed.
	expect(receipt?.body).toContain(`{"checkedAt":"${asked}","name":"fal.ai"`);
});

test('photos whose processor holds on do not keep the others waiting', async () => {
	const deps = await retentionWorld({ forget: () => Promise.resolve({ kind: 'unknown', seen: [] }) });
	const actor = await givenAccount(deps);
	for (let index = 0; index < SWEEP_PHOTOS + 5; index += 1) {
		const stuck = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
		await givenEndedRender(deps, actor, stuck.id);
	}
	const free = await givenPhoto(deps, actor, { dueInMs: HOUR_MS + 1 });
	deps.clock.advance({ hours: 2 });

	await sweepNow(deps);
	deps.clock.advance({ minutes: 1 });
	await sweepNow(deps);

	expect(await photoRow(deps, free.id)).toMatchObject({ state: 'deleted' });
});

test('a full sweep stays within the queries of one invocation', async () => {
	const calm = await retentionWorld();
	const actor = await givenAccount(calm);
	for (let index = 0; index < SWEEP_PHOTOS + 5; index += 1) {
		const photo = await givenPhoto(calm, actor, { dueInMs: HOUR_MS });
		await givenEndedRender(calm, actor, photo.id);
	}
	const counted = countD1(calm.d1);
	const deps = await retentionWorld({ d1: counted.db });
	deps.clock.advance({ hours: 25 });

	await sweepNow(deps);

	expect(counted.count.statements).toBeLessThan(1000);
});

test('a store that fails to answer for one photo holds up neither the others nor its own receipt', async () => {
	let broken = '';
	const deps = await retentionWorld({
		blobs: (real) => ({
			...real,
			has: (key) => (key === broken ? Promise.reject(new Error('R2 says nothing')) : real.has(key)),
		}),
	});
	const actor = await givenAccount(deps);
	const unasked = await givenPhoto(deps, actor, { state: 'awaiting' });
	const other = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	broken = unasked.objectKey;
	deps.clock.advance({ hours: 1 });

	await sweepNow(deps);
	expect(takeConsoleErrors().length).toBeGreaterThan(0);
	expect(await photoRow(deps, other.id)).toMatchObject({ state: 'deleted' });
	expect(await photoRow(deps, unasked.id)).toMatchObject({ state: 'deleting' });

	broken = '';
	await sweepNow(deps);
	expect(await hasBytes(unasked.objectKey)).toBe(false);
	expect((await receiptsOf(deps, actor)).map(({ id }) => id)).toContain(unasked.receiptId);
});

test('a receipt that cannot be written keeps only its own photo open', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const first = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	const other = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	deps.clock.advance({ hours: 1 });
	await sweepNow(deps);
	const taken = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	const next = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	// Its receipt's id already stands for another photo: a conflict that no repetition ends.
	await deps.db.update(uploads).set({ receiptId: first.receiptId }).where(eq(uploads.id, taken.id));
	deps.clock.advance({ hours: 1 });

	expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 1 });
	expect(takeConsoleErrors().length).toBeGreaterThan(0);

	expect(await photoRow(deps, next.id)).toMatchObject({ state: 'deleted' });
	expect(await photoRow(deps, taken.id)).toMatchObject({ state: 'deleting' });
	expect(await receiptsOf(deps, actor)).toHaveLength([first, other, next].length);
});

test('photos that are not due are not read', async () => {
	const calm = await retentionWorld();
	const actor = await givenAccount(calm);
	for (let index = 0; index < 60; index += 1) await givenPhoto(calm, actor, { hasBytes: false });
	for (let index = 0; index < 3; index += 1) await givenPhoto(calm, actor, { dueInMs: HOUR_MS });
	const read: RowsRead = new Map();
	const deps = await retentionWorld({ d1: noteRowsRead(calm.d1, read) });
	// Not at the full hour, when the evidence counts everything.
	deps.clock.advance({ hours: 1, minutes: 3 });

	expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 3 });

	const ofUploads = [...read].filter(([sql]) => sql.includes('"uploads"'));
	const rows = ofUploads.reduce((sum, [, entry]) => sum + entry.rows, 0);
	expect(rows).toBeGreaterThan(0);
	// About sixteen a photo: found, looked up whether it is held, marked, listed, read with its consent, joined to what was made of
	// it, closed; and a few for each statement that asks what is held. Going once
	// through what is not due would alone be 60.
	expect(rows).toBeLessThan(100);
});

test('a photo of a submission whose answer was lost is signed for when its life at the processor is over', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const photo = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	const renderId = await givenEndedRender(deps, actor, photo.id);
	await deps.db.insert(attempts).values({
		id: `${renderId}.after_image.1`,
		renderId,
		stage: 'after_image',
		number: 1,
		state: 'abandoned',
		processor: 'fal',
		endpoint: 'fal-ai/nano-banana-2/edit',
		createdAtMs: deps.now().getTime(),
		deadlineAtMs: deps.now().getTime(),
	});
	deps.clock.advance({ hours: 1 });
	await sweepNow(deps);
	await sweepNow(deps);
	expect(await hasBytes(photo.objectKey)).toBe(false);
	expect(await receiptsOf(deps, actor)).toEqual([]);

	deps.clock.advance({ hours: 1 });
	await sweepNow(deps);
	await sweepNow(deps);

	const [receipt] = await receiptsOf(deps, actor);
	expect(receipt?.body).toContain('"name":"fal.ai","state":"lifetime_ended"');
});

test('a photo sent without being completed gets the receipt it was promised', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const photo = await givenPhoto(deps, actor, { state: 'awaiting' });
	await deleteUpload(deps, { actor, uploadId: photo.id });
	await sweepNow(deps);
	expect(await hasBytes(photo.objectKey)).toBe(false);

	deps.clock.advance({ minutes: 15 });
	await sweepNow(deps);

	expect(await receiptsOf(deps, actor)).toMatchObject([{ id: photo.receiptId }]);
});

test('one object that will not go does not keep the others', async () => {
	let stubborn = '';
	const deps = await retentionWorld({
		blobs: (real) => ({
			...real,
			delete: (keys) => (keys.includes(stubborn) ? Promise.reject(new Error('R2 says no')) : real.delete(keys)),
		}),
	});
	const actor = await givenAccount(deps);
	const first = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	const second = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	stubborn = first.objectKey;
	deps.clock.advance({ hours: 1 });

	expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 1, failures: 1 });
	expect(takeConsoleErrors()).toHaveLength(1);
	expect(await photoRow(deps, second.id)).toMatchObject({ state: 'deleted' });
	expect(await photoRow(deps, first.id)).toMatchObject({ state: 'deleting' });

	stubborn = '';
	expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 1, failures: 0 });
});

test.each(['before', 'after'] as const)(
	'a store that fails %s any one write of a sweep leaves nothing that the next sweep does not end',
	async (when) => {
		for (let failing = 0; failing < 12; failing += 1) {
			const calm = await retentionWorld();
			const actor = await givenAccount(calm);
			const photo = await givenPhoto(calm, actor, { dueInMs: HOUR_MS });
			let write = -1;
			const { db } = faultyD1(
				calm.d1,
				(call) => {
					if (!isWrite(call)) return null;
					write += 1;
					return write === failing ? when : null;
				},
				'D1_ERROR: internal error of the test',
			);
			const shaky = await retentionWorld({ d1: db });
			shaky.clock.set(new Date(photo.deleteAtMs));
			calm.clock.set(new Date(photo.deleteAtMs));

			await sweepNow(shaky).catch(() => undefined);
			takeConsoleErrors();
			await sweepNow(calm);

			expect(await hasBytes(photo.objectKey)).toBe(false);
			expect(await photoRow(calm, photo.id)).toMatchObject({ state: 'deleted' });
			expect(await receiptsOf(calm, actor)).toHaveLength(1);
		}
	},
);

test('an upload that never arrived ends without a receipt, one that arrived unasked is deleted with one', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const empty = await givenPhoto(deps, actor, { state: 'awaiting', hasBytes: false });
	const unasked = await givenPhoto(deps, actor, { state: 'awaiting' });

	deps.clock.advance({ minutes: 14 });
	await sweepNow(deps);
	expect(await photoRow(deps, empty.id)).toMatchObject({ state: 'awaiting' });

	deps.clock.advance({ minutes: 2 });
	await sweepNow(deps);

	expect(await photoRow(deps, empty.id)).toMatchObject({ state: 'expired' });
	expect(await photoRow(deps, unasked.id)).toMatchObject({ state: 'deleted' });
	expect(await hasBytes(unasked.objectKey)).toBe(false);
	expect(await receiptsOf(deps, actor)).toMatchObject([{ id: unasked.receiptId }]);
});

test('a photo put again while its address was open is deleted again before anything is signed', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const photo = await givenPhoto(deps, actor);
	await deleteUpload(deps, { actor, uploadId: photo.id });

	await sweepNow(deps);
	expect(await hasBytes(photo.objectKey)).toBe(false);
	expect(await receiptsOf(deps, actor)).toEqual([]);
	await putBytes(photo.objectKey);

	deps.clock.advance({ minutes: 15 });
	await sweepNow(deps);

	expect(await hasBytes(photo.objectKey)).toBe(false);
	const [receipt] = await receiptsOf(deps, actor);
	expect(receipt?.body).toContain('"reason":"requested"');
});

test('a consent ends with its date, and a draft goes after a day', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const brief = await givenConsent(deps, actor, { expiresAtMs: deps.now().getTime() + HOUR_MS });
	const draft = await givenConsent(deps, actor, { signerName: null });
	const states = async () => {
		const rows = await deps.db.select().from(consents).where(eq(consents.accountId, actor.accountId));
		return new Map(rows.map((row) => [row.id, row.state]));
	};

	deps.clock.advance({ hours: 23 });
	await sweepNow(deps);
	expect(await states()).toEqual(
		new Map([
			[brief.id, 'expired'],
			[draft.id, 'draft'],
		]),
	);

	deps.clock.advance({ hours: 1 });
	await sweepNow(deps);
	expect(await states()).toEqual(new Map([[brief.id, 'expired']]));
});

test('somebody else’s receipt, pending or issued, is not found', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const photo = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
	const bob = await givenAccount(deps);
	const asBob = () => readDeletion(deps, { actor: bob, receiptId: photo.receiptId });

	await expect(asBob()).rejects.toMatchObject({ code: 'not_found' });
	deps.clock.advance({ hours: 1 });
	await sweepNow(deps);
	await expect(asBob()).rejects.toMatchObject({ code: 'not_found' });
});

test.each(['subject', 'account', 'person'] as const)(
	'under a legal hold of its %s a due photo stays, unreachable and counted, and goes when the hold is released',
	async (targetKind) => {
		const deps = await retentionWorld();
		const actor = await givenAccount(deps);
		const photo = await givenPhoto(deps, actor, { dueInMs: HOUR_MS });
		const targetId = { subject: photo.subjectId!, account: actor.accountId, person: actor.userId }[targetKind];
		const hold = { id: deps.newId('legalHold'), targetKind, targetId, matter: 'M 1', placedAtMs: 0 };
		await deps.db.insert(legalHolds).values(hold);
		deps.clock.advance({ hours: 2 });

		expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 0, sourcesHeld: 1, failures: 0 });
		expect(await hasBytes(photo.objectKey)).toBe(true);
		expect(await readUpload(deps, { actor, uploadId: photo.id })).toMatchObject({ url: null });
		expect(await receiptsOf(deps, actor)).toEqual([]);

		await deps.db.update(legalHolds).set({ releasedAtMs: 1 });
		expect(await sweepNow(deps)).toMatchObject({ sourcesDeleted: 1, sourcesHeld: 0 });
		expect(await hasBytes(photo.objectKey)).toBe(false);
	},
);
