import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { memberships } from '../../../schema/memberships';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { SCOPES } from '../../../studios/roles';
import { isUseUnnoted, noteKeyUse } from '../../../workers/core/keys/note-key-use';
import { listKeys } from '../../../workers/core/keys/list-keys';
import { makeKey } from '../../../workers/core/keys/make-key';
import { resolveKey } from '../../../workers/core/keys/resolve-key';
import { revokeKey } from '../../../workers/core/keys/revoke-key';
import { OPEN_RENDERS_MAX, startRender } from '../../../workers/core/renders/start-render';
import { createUpload } from '../../../workers/core/uploads/create-upload';
import { countD1 } from '../../support/counting-d1';
import { freshDeps } from '../../support/deps';
import { givenAccount, givenMember, ledgerOf } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { givenReadyUpload, smileOrder } from '../../support/render-world';
import { keyOrder, keyRowsOf, WHENCE } from './given-key';

test('a key is read in one statement, and what cannot be a key in none', async () => {
	const deps = freshDeps();
	const { key } = await makeKey(deps, keyOrder(await givenAccount(deps)));
	const counted = countD1(deps.d1);
	const counting = freshDeps({ d1: counted.db });

	expect(await resolveKey(counting, { key })).not.toBeNull();
	expect(counted.count).toEqual({ statements: 1, batches: 0 });

	const mistyped = `${key.slice(0, 10)}${key[10] === 'A' ? 'B' : 'A'}${key.slice(11)}`;
	for (const wrong of ['', 'ak_', mistyped, `${key} `, key.slice(0, -1), `${key}x`, 'x'.repeat(10_000)]) {
		expect(await resolveKey(counting, { key: wrong })).toBeNull();
	}
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('a key is dead from the moment it expires', async () => {
	const deps = freshDeps();
	const { key } = await makeKey(deps, keyOrder(await givenAccount(deps), { expiresInDays: 1 }));
	deps.clock.advance({ hours: 23, minutes: 59, seconds: 59 });
	expect(await resolveKey(deps, { key })).not.toBeNull();
	deps.clock.advance({ seconds: 1 });
	expect(await resolveKey(deps, { key })).toBeNull();
});

test('a key dies with its maker’s membership, and does not come back when they do', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const { accountId } = owner;
	const { userId, ...maker } = await givenMember(deps, { accountId, role: 'clinician' });
	const made = await makeKey(deps, keyOrder({ userId, ...maker }));
	const membership = and(eq(memberships.accountId, accountId), eq(memberships.userId, userId));

	await deps.db.delete(memberships).where(membership);
	expect(await resolveKey(deps, made)).toBeNull();

	deps.clock.advance({ minutes: 1 });
	const back = { accountId, userId, role: 'clinician', createdAtMs: deps.now().getTime() } as const;
	await deps.db.insert(memberships).values(back);
	expect(await resolveKey(deps, made)).toBeNull();
	expect(await listKeys(deps, { actor: owner })).toMatchObject([{ id: made.id, state: 'maker_left' }]);
});

test('a demotion takes scopes away with the next request, and a promotion gives them back', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const maker = await givenMember(deps, { accountId: owner.accountId, role: 'clinician' });
	const { key } = await makeKey(deps, keyOrder(maker, { scopes: SCOPES }));
	const become = (role: 'clinician' | 'staff' | 'billing') =>
		deps.db.update(memberships).set({ role }).where(eq(memberships.userId, maker.userId));

	expect((await resolveKey(deps, { key }))?.may).toEqual(new Set(SCOPES));
	await become('staff');
	expect((await resolveKey(deps, { key }))?.may).toEqual(new Set(SCOPES.filter((scope) => scope !== 'assets:delete')));
	expect(await listKeys(deps, { actor: owner })).toMatchObject([{ state: 'live', dormantScopes: ['assets:delete'] }]);
	await become('billing');
	expect((await resolveKey(deps, { key }))?.may).toEqual(new Set(['credits:read']));
	await become('clinician');
	expect((await resolveKey(deps, { key }))?.may).toEqual(new Set(SCOPES));
});

test('the hour of its use is written once an hour, by one of the requests that come at once', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const { id, key } = await makeKey(deps, keyOrder(actor));
	deps.clock.advance({ minutes: 10 });
	const used = async () => {
		const resolved = await resolveKey(deps, { key });
		return { isUnnoted: isUseUnnoted(deps, resolved!), at: resolved!.lastUsedAtMs };
	};

	expect(await used()).toEqual({ isUnnoted: true, at: null });
	await Promise.all([noteKeyUse(deps, { keyId: id }), noteKeyUse(deps, { keyId: id })]);
	expect(await used()).toEqual({ isUnnoted: false, at: Date.parse('2026-11-21T12:00:00Z') });
	deps.clock.advance({ minutes: 49 });
	expect((await used()).isUnnoted).toBe(false);
	deps.clock.advance({ minutes: 1 });
	expect((await used()).isUnnoted).toBe(true);
	// A request that was under way since the hour before does not turn the time back.
	await noteKeyUse(deps, { keyId: id });
	await noteKeyUse({ ...deps, now: () => new Date('2026-11-21T12:59:59Z') }, { keyId: id });
	expect(await listKeys(deps, { actor })).toMatchObject([{ lastUsedAt: '2026-11-21T13:00:00.000Z' }]);
});

test('a revoked key is dead at once, with one audit entry however often it is revoked', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const [made, other] = [await makeKey(deps, keyOrder(actor)), await makeKey(deps, keyOrder(actor))];
	deps.clock.advance({ minutes: 5 });

	const revoked = await revokeKey(deps, { actor, whence: WHENCE, keyId: made.id, reason: 'It leaked.' });
	deps.clock.advance({ minutes: 5 });
	const again = await revokeKey(deps, { actor, whence: WHENCE, keyId: made.id });

	expect(revoked).toEqual({ id: made.id, revokedAt: '2026-11-21T12:05:00.000Z' });
	expect(again).toEqual(revoked);
	expect(await resolveKey(deps, made)).toBeNull();
	expect(await resolveKey(deps, other)).not.toBeNull();
	const { audit } = await keyRowsOf(deps, actor.accountId);
	expect(audit.filter(({ action }) => action === 'key.revoked')).toEqual([
		expect.objectContaining({
			targetId: made.id,
			userId: actor.userId,
			facts: {},
			keyId: null,
			reason: 'It leaked.',
			...WHENCE,
		}),
	]);
	expect(await listKeys(deps, { actor })).toMatchObject([
		{ id: other.id, state: 'live' },
		{ id: made.id, state: 'revoked', revokedAt: revoked.revokedAt },
	]);
});

test('somebody else’s key is not listed, and revoking it answers as for none and leaves it alone', async () => {
	const deps = freshDeps();
	const [mine, theirs] = [await givenAccount(deps), await givenAccount(deps)];
	const made = await makeKey(deps, keyOrder(theirs));

	expect(await listKeys(deps, { actor: mine })).toEqual([]);
	const foreign = revokeKey(deps, { actor: mine, whence: WHENCE, keyId: made.id });
	const unknown = revokeKey(deps, { actor: mine, whence: WHENCE, keyId: deps.newId('key') });

	const [one, two] = await Promise.allSettled([foreign, unknown]);
	expect(one).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
	expect(two).toMatchObject({ reason: { message: one.status === 'rejected' ? one.reason.message : '' } });
	expect(await resolveKey(deps, made)).not.toBeNull();
	expect((await keyRowsOf(deps, mine.accountId)).audit).toEqual([]);
});

test('whoever lost the role meanwhile revokes nothing, and no audit entry arises', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const made = await makeKey(deps, keyOrder(owner));

	await expect(revokeKey(deps, { actor: staff, whence: WHENCE, keyId: made.id })).rejects.toMatchObject({
		code: 'not_allowed',
	});
	expect(await resolveKey(deps, made)).not.toBeNull();
	const { audit } = await keyRowsOf(deps, owner.accountId);
	expect(audit.map(({ action }) => action)).toEqual(['key.made']);
});

/** An account with a photo, a key, and the actor that the key is. */
async function givenKeyAtWork() {
	const deps = freshDeps();
	const person = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, person);
	const { id, key } = await makeKey(deps, keyOrder(person, { scopes: SCOPES }));
	return { deps, person, upload, keyId: id, key, actor: { ...person, via: { kind: 'key', keyId: id } as const } };
}

test('a key that is revoked in the middle of an order writes nothing of it', async () => {
	const { deps, person, upload, keyId, actor } = await givenKeyAtWork();
	const before = await ledgerOf(deps, person.accountId);
	// Everything was looked at and found right; the key ends just before the order's one batch.
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (call.kind === 'batch') await revokeKey(deps, { actor: person, whence: WHENCE, keyId });
		return run();
	});

	const order = startRender({ ...deps, db: freshDeps({ d1 }).db }, smileOrder(actor, upload.id));

	await expect(order).rejects.toMatchObject({ code: 'not_allowed' });
	expect(await deps.db.select().from(renders).where(eq(renders.accountId, person.accountId))).toEqual([]);
	expect(await ledgerOf(deps, person.accountId)).toEqual(before);
	expect(deps.sent.filter(({ message }) => message.type === 'render.advance')).toEqual([]);
});

test('an order repeated with key and session under one Idempotency-Key is one order', async () => {
	const { deps, person, upload, actor } = await givenKeyAtWork();

	const byKey = await startRender(deps, smileOrder(actor, upload.id, 'order 1'));
	const bySession = await startRender(deps, smileOrder(person, upload.id, 'order 1'));

	expect([byKey.isNew, bySession.isNew]).toEqual([true, false]);
	expect(bySession.id).toBe(byKey.id);
});

test('a key meets the same rules: consent, caps, and what is another account’s', async () => {
	const { deps, actor, upload } = await givenKeyAtWork();
	const photo = {
		actor,
		network: null,
		contentType: 'image/jpeg',
		byteLength: 3,
		subjectId: undefined,
		consentId: undefined,
	};
	await expect(createUpload(deps, photo)).rejects.toMatchObject({
		code: 'consent_required',
	});
	const foreign = await givenKeyAtWork();
	await expect(startRender(deps, smileOrder(actor, foreign.upload.id))).rejects.toMatchObject({ code: 'not_found' });

	const rich = await givenAccount(deps, { credits: 1000 });
	const photos = await givenReadyUpload(deps, rich);
	const { id } = await makeKey(deps, keyOrder(rich, { scopes: SCOPES }));
	const asKey = { ...rich, via: { kind: 'key', keyId: id } } as const;
	for (let order = 0; order < OPEN_RENDERS_MAX; order += 1) await startRender(deps, smileOrder(asKey, photos.id));
	await expect(startRender(deps, smileOrder(asKey, photos.id))).rejects.toMatchObject({ code: 'too_many_requests' });
	expect(await deps.db.select().from(uploads).where(eq(uploads.id, upload.id))).toMatchObject([{ state: 'ready' }]);
});

test('a failing D1 leaves a revocation undone whole', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const made = await makeKey(deps, keyOrder(actor));
	const d1 = interceptD1(deps.d1, (call, run) =>
		call.kind === 'batch' ? Promise.reject(new Error('D1_ERROR: overloaded')) : run(),
	);

	await expect(
		revokeKey({ ...deps, db: freshDeps({ d1 }).db }, { actor, whence: WHENCE, keyId: made.id }),
	).rejects.toThrow('overloaded');
	const { keys, audit } = await keyRowsOf(deps, actor.accountId);
	expect(keys).toMatchObject([{ revokedAtMs: null }]);
	expect(audit.map(({ action }) => action)).toEqual(['key.made']);
});
