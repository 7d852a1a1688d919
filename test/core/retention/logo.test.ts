import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { removeLogo, setLogo } from '../../../workers/core/accounts/set-logo';
import { readAccount } from '../../../workers/core/accounts/read-account';
import type { Actor } from '../../../workers/core/actor';
import { readDeletion } from '../../../workers/core/retention/read-deletion';
import { sweep } from '../../../workers/core/retention/sweep';
import { completeUpload } from '../../../workers/core/uploads/complete-upload';
import { createLogoUpload } from '../../../workers/core/uploads/create-logo-upload';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { hasBytes, photoRow, putBytes, receiptsOf, retentionWorld, type RetentionWorld } from './retention-world';

const objects = {
	head: () => Promise.resolve({ contentType: 'image/png', byteLength: 3, width: 1, height: 1 }),
};

/** A logo whose bytes lie in the store, completed and not chosen yet. */
async function givenLogo(deps: RetentionWorld, actor: Actor) {
	const order = { actor, network: null, contentType: 'image/png', byteLength: 3 };
	const { id, receiptId } = await createLogoUpload(deps, order);
	const row = await photoRow(deps, id);
	if (row === undefined) throw new Error('the logo was not stored');
	await putBytes(row.objectKey);
	await completeUpload({ ...deps, objects }, { actor, uploadId: id });
	return { id, receiptId, objectKey: row.objectKey };
}

function sweepNow(deps: RetentionWorld) {
	return sweep(deps, { scheduledAtMs: deps.now().getTime() });
}

test('no sweep takes the logo while it is one; replaced, it goes with a receipt that names no processor', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const first = await givenLogo(deps, actor);
	await setLogo(deps, { actor, whence: WHENCE, uploadId: first.id });

	for (const hours of [24, 24 * 30, 24 * 365 * 20]) {
		deps.clock.advance({ hours });
		await sweepNow(deps);
		expect(await hasBytes(first.objectKey)).toBe(true);
		expect((await readAccount(deps, { actor })).logoUrl).not.toBeNull();
	}
	await expect(readDeletion(deps, { actor, receiptId: first.receiptId })).rejects.toMatchObject({ code: 'not_found' });

	const second = await givenLogo(deps, actor);
	await setLogo(deps, { actor, whence: WHENCE, uploadId: second.id });
	expect(await readDeletion(deps, { actor, receiptId: first.receiptId })).toMatchObject({
		state: 'pending',
		what: 'logo',
		waitingFor: ['Our private store'],
	});
	await sweepNow(deps);

	expect(await hasBytes(first.objectKey)).toBe(false);
	expect(await hasBytes(second.objectKey)).toBe(true);
	expect(await photoRow(deps, first.id)).toMatchObject({ state: 'deleted' });
	const deletion = await readDeletion(deps, { actor, receiptId: first.receiptId });
	expect(deletion).toMatchObject({
		state: 'issued',
		receipt: {
			body: {
				deleted: [{ what: 'logo', count: 1 }],
				places: [{ name: 'Our private store', state: 'deleted' }],
				kept: [],
				reason: 'requested',
			},
		},
	});
});

test('a removed logo goes with a receipt once its address has ended', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const logo = await givenLogo(deps, actor);
	await setLogo(deps, { actor, whence: WHENCE, uploadId: logo.id });
	await removeLogo(deps, { actor, whence: WHENCE });

	await sweepNow(deps);
	// Emptied at once, and signed for when the same address can bring nothing any more.
	expect(await hasBytes(logo.objectKey)).toBe(false);
	expect(await receiptsOf(deps, actor)).toEqual([]);
	deps.clock.advance({ minutes: 15 });
	await sweepNow(deps);

	expect(await receiptsOf(deps, actor)).toHaveLength(1);
	expect(await photoRow(deps, logo.id)).toMatchObject({ state: 'deleted' });
});

test('a logo that was never chosen goes at its hour like an unused photo, and one that never came with its address', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const unused = await givenLogo(deps, actor);
	const order = { actor, network: null, contentType: 'image/png', byteLength: 3 };
	const never = await createLogoUpload(deps, order);

	deps.clock.advance({ minutes: 15 });
	await sweepNow(deps);
	expect(await photoRow(deps, never.id)).toMatchObject({ state: 'expired' });
	deps.clock.advance({ hours: 23, minutes: 44 });
	await sweepNow(deps);
	expect(await hasBytes(unused.objectKey)).toBe(true);
	deps.clock.advance({ minutes: 1 });
	await sweepNow(deps);

	expect(await hasBytes(unused.objectKey)).toBe(false);
	expect(await photoRow(deps, unused.id)).toMatchObject({ state: 'deleted' });
	const [account] = await deps.db.select().from(accounts).where(eq(accounts.id, actor.accountId));
	expect(account?.logoUploadId).toBeNull();
});

test('a logo chosen while the sweep takes it is either shown or gone, never shown without its bytes', async () => {
	const deps = await retentionWorld();
	const actor = await givenAccount(deps);
	const logo = await givenLogo(deps, actor);
	deps.clock.advance({ hours: 24 });

	const [chosen] = await Promise.allSettled([
		setLogo(deps, { actor, whence: WHENCE, uploadId: logo.id }),
		sweepNow(deps),
	]);

	expect(chosen.status).toBe('rejected');
	expect((await readAccount(deps, { actor })).logoUrl).toBeNull();
	expect(await hasBytes(logo.objectKey)).toBe(false);
});
