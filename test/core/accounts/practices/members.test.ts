import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { apiKeys } from '../../../../schema/api-keys';
import { memberships } from '../../../../schema/memberships';
import { sessions } from '../../../../schema/users';
import type { Role } from '../../../../studios/roles';
import { changeRole } from '../../../../workers/core/accounts/change-role';
import { leaveAccount } from '../../../../workers/core/accounts/leave-account';
import { listMembers } from '../../../../workers/core/accounts/list-members';
import type { GivenRole } from '../../../../workers/core/accounts/member';
import { removeMember } from '../../../../workers/core/accounts/remove-member';
import { resolvePerson } from '../../../../workers/core/accounts/resolve-person';
import { OWNED_ACCOUNTS_MAX } from '../../../../workers/core/accounts/open-account';
import { transferOwnership } from '../../../../workers/core/accounts/transfer-ownership';
import type { Actor } from '../../../../workers/core/actor';
import { countD1 } from '../../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../../support/faulty-d1';
import { givenAccount, givenMember } from '../../../support/given';
import { auditOf, mailsTo, peopleOf, roleOf, WHENCE } from '../../../support/given-invitation';
import { interceptD1, isWrite } from '../../../support/intercepted-d1';

async function given(deps: TestDeps) {
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const stranger = await givenAccount(deps);
	return { owner, staff, stranger, accountId: owner.accountId };
}

function by(actor: Actor) {
	return { actor, whence: WHENCE, byName: 'Ada' };
}

function leaving(actor: Actor, accountId = actor.accountId) {
	const sessionId = actor.via.kind === 'session' ? actor.via.sessionId : '';
	return { person: { userId: actor.userId, sessionId }, whence: WHENCE, accountId };
}

async function expectRefused(deps: TestDeps, accountId: string, run: () => Promise<unknown>, refusal: object) {
	const before = await peopleOf(deps, accountId);
	await expect(run()).rejects.toMatchObject(refusal);
	expect(await peopleOf(deps, accountId)).toEqual(before);
}

/** A D1 that lets something else happen between what an operation reads and what it writes. */
function interrupted(deps: TestDeps, meanwhile: () => Promise<unknown>): TestDeps {
	let isDone = false;
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (isWrite(call) && !isDone) {
			isDone = true;
			await meanwhile();
		}
		return run();
	});
	return { ...deps, db: drizzle(d1) };
}

async function givenKey(deps: TestDeps, { accountId, userId }: Actor): Promise<string> {
	const id = deps.newId('key');
	const nowMs = deps.now().getTime();
	await deps.db.insert(apiKeys).values({
		id,
		accountId,
		userId,
		name: 'Website',
		secretHash: id,
		ending: 'abcd',
		scopes: ['renders:read'],
		createdAtMs: nowMs,
		expiresAtMs: nowMs + 86_400_000,
	});
	return id;
}

async function isKeyLive(deps: TestDeps, id: string): Promise<boolean> {
	const [row] = await deps.db.select().from(apiKeys).where(eq(apiKeys.id, id));
	return row?.revokedAtMs === null;
}

test('members are listed in one statement, the owner first, and nobody of another account', async () => {
	const deps = freshDeps();
	const { owner, staff } = await given(deps);
	deps.clock.advance({ hours: 1 });
	const billing = await givenMember(deps, { accountId: owner.accountId, role: 'billing' });
	const counted = countD1(deps.d1);

	const { items, membersMax } = await listMembers({ ...deps, db: drizzle(counted.db) }, { actor: staff });

	expect(items.map(({ id, role, isYou }) => [id, role, isYou])).toEqual([
		[owner.userId, 'owner', false],
		[staff.userId, 'staff', true],
		[billing.userId, 'billing', false],
	]);
	expect(items[1]).toMatchObject({ name: 'Ada', email: staff.email, joinedAt: '2026-11-21T12:00:00.000Z' });
	expect(membersMax).toBe(50);
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('another role holds from now, is recorded with its reason, and the person is told', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);

	const change = { ...by(owner), userId: staff.userId, role: 'clinician', reason: 'She passed her exam.' } as const;
	expect(await changeRole(deps, change)).toEqual({ id: staff.userId, role: 'clinician' });

	expect(await roleOf(deps, staff)).toBe('clinician');
	expect(await auditOf(deps, accountId)).toMatchObject([
		{
			action: 'role.changed',
			userId: owner.userId,
			targetId: staff.userId,
			facts: { from: 'staff', to: 'clinician' },
			reason: 'She passed her exam.',
			...WHENCE,
		},
	]);
	expect(await mailsTo(deps, staff.email)).toMatchObject([
		{ kind: 'security', event: { what: 'role_changed', accountName: 'Practice', byName: 'Ada', role: 'clinician' } },
	]);
});

test('the role they have already changes nothing, records nothing and mails nobody', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const before = await peopleOf(deps, accountId);

	expect(await changeRole(deps, { ...by(owner), userId: staff.userId, role: 'staff' })).toMatchObject({
		role: 'staff',
	});
	expect(await peopleOf(deps, accountId)).toEqual(before);
});

test('the owner is neither given a role nor removed, and does not leave', async () => {
	const deps = freshDeps();
	const { owner, accountId } = await given(deps);
	const self = { ...by(owner), userId: owner.userId };

	await expectRefused(deps, accountId, () => changeRole(deps, { ...self, role: 'staff' }), { code: 'conflict' });
	await expectRefused(deps, accountId, () => removeMember(deps, self), { code: 'conflict' });
	await expectRefused(deps, accountId, () => leaveAccount(deps, leaving(owner)), { code: 'conflict' });
	expect(await roleOf(deps, owner)).toBe('owner');
});

test('a person of another account is not found, in the words for one who never was', async () => {
	const deps = freshDeps();
	const { owner, stranger, accountId } = await given(deps);
	const words = { code: 'not_found', message: 'There is no such member, or it is not yours.' };

	for (const userId of [stranger.userId, 'nobody']) {
		const order = { ...by(owner), userId };
		await expectRefused(deps, accountId, () => changeRole(deps, { ...order, role: 'staff' }), words);
		await expectRefused(deps, accountId, () => removeMember(deps, order), words);
		await expectRefused(deps, accountId, () => transferOwnership(deps, order), words);
	}
	const refused = { code: 'not_found', message: 'There is no such account, or it is not yours.' };
	for (const accountOf of [stranger.accountId, 'acc_none']) {
		await expectRefused(deps, stranger.accountId, () => leaveAccount(deps, leaving(owner, accountOf)), refused);
	}
	expect(await roleOf(deps, stranger)).toBe('owner');
});

test.each(['clinician', 'staff', 'billing'] as const)(
	'as %s one changes, removes and hands over nothing, whatever let the request pass',
	async (role) => {
		const deps = freshDeps();
		const { staff, owner, accountId } = await given(deps);
		const actor = await givenMember(deps, { accountId, role });
		const order = { ...by(actor), userId: staff.userId };
		const refusal = { code: 'not_allowed', message: expect.stringContaining('any more') };

		await expectRefused(deps, accountId, () => changeRole(deps, { ...order, role: 'billing' }), refusal);
		await expectRefused(deps, accountId, () => removeMember(deps, order), refusal);
		await expectRefused(deps, accountId, () => transferOwnership(deps, order), refusal);
		expect(await roleOf(deps, owner)).toBe('owner');
	},
);

test('a removed member acts in nothing here, keeps their sessions, loses the keys they made, and is told', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const theirs = await givenKey(deps, staff);
	const others = await givenKey(deps, owner);

	expect(await removeMember(deps, { ...by(owner), userId: staff.userId, reason: 'Left us.' })).toEqual({
		id: staff.userId,
	});

	expect(await roleOf(deps, staff)).toBeNull();
	const sessionToken = `token of ${staff.via.kind === 'session' ? staff.via.sessionId : ''}`;
	expect(await resolvePerson(deps, { sessionToken })).toMatchObject({
		userId: staff.userId,
		account: null,
		isAccountLost: true,
	});
	expect([await isKeyLive(deps, theirs), await isKeyLive(deps, others)]).toEqual([false, true]);
	expect(await auditOf(deps, accountId)).toMatchObject([
		{ action: 'member.removed', targetId: staff.userId, facts: { role: 'staff' }, reason: 'Left us.' },
	]);
	expect(await mailsTo(deps, staff.email)).toMatchObject([{ event: { what: 'removed', byName: 'Ada' } }]);
	await expectRefused(deps, accountId, () => removeMember(deps, { ...by(owner), userId: staff.userId }), {
		code: 'not_found',
	});
});

test('a member leaves by themselves, once, and their keys end', async () => {
	const deps = freshDeps();
	const { staff, accountId } = await given(deps);
	const key = await givenKey(deps, staff);

	expect(await leaveAccount(deps, leaving(staff))).toEqual({ id: accountId });

	expect(await roleOf(deps, staff)).toBeNull();
	expect(await isKeyLive(deps, key)).toBe(false);
	expect(await auditOf(deps, accountId)).toMatchObject([
		{ action: 'member.left', userId: staff.userId, targetId: staff.userId, facts: { role: 'staff' } },
	]);
	await expectRefused(deps, accountId, () => leaveAccount(deps, leaving(staff)), { code: 'not_found' });
});

test('one leaves the account that is named, not the one the session acts in', async () => {
	const deps = freshDeps();
	const { staff, accountId } = await given(deps);
	const elsewhere = await givenAccount(deps);
	await deps.db
		.insert(memberships)
		.values({ accountId: elsewhere.accountId, userId: staff.userId, role: 'billing', createdAtMs: 1 });

	await leaveAccount(deps, leaving(staff, elsewhere.accountId));

	expect(await roleOf(deps, staff)).toBe('staff');
	expect(await roleOf(deps, { ...staff, accountId: elsewhere.accountId })).toBeNull();
	expect(await auditOf(deps, accountId)).toEqual([]);
});

test('ownership passes in one batch: the old owner is a clinician, and both are told', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const { email } = (await listMembers(deps, { actor: owner })).items[0]!;

	expect(await transferOwnership(deps, { ...by(owner), userId: staff.userId, reason: 'I retire.' })).toEqual({
		id: staff.userId,
		role: 'owner',
	});

	expect([await roleOf(deps, owner), await roleOf(deps, staff)]).toEqual(['clinician', 'owner']);
	expect(await auditOf(deps, accountId)).toMatchObject([
		{
			action: 'ownership.transferred',
			userId: owner.userId,
			targetId: staff.userId,
			facts: { from: 'staff', ownerBefore: owner.userId },
			reason: 'I retire.',
		},
	]);
	for (const to of [email, staff.email]) {
		expect(await mailsTo(deps, to)).toMatchObject([{ event: { what: 'ownership_transferred', ownerName: 'Ada' } }]);
	}
	await expectRefused(deps, accountId, () => transferOwnership(deps, { ...by(owner), userId: owner.userId }), {
		code: 'not_allowed',
	});
	await expectRefused(deps, accountId, () => transferOwnership(deps, { ...by(staff), userId: staff.userId }), {
		code: 'conflict',
	});
});

test('who owns as many as one person may is made the owner of no more, also by transfers at once; handing one over makes room', async () => {
	const deps = freshDeps();
	const { owner: target } = await given(deps);
	const practices = await Promise.all(Array.from({ length: OWNED_ACCOUNTS_MAX + 1 }, () => given(deps)));
	for (const { accountId } of practices) {
		await deps.db.insert(memberships).values({ accountId, userId: target.userId, role: 'staff', createdAtMs: 1 });
	}
	const transfers = practices.map(({ owner }) => transferOwnership(deps, { ...by(owner), userId: target.userId }));
	const answers = await Promise.allSettled(transfers);
	expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(OWNED_ACCOUNTS_MAX - 1);

	const last = practices[answers.findIndex(({ status }) => status === 'rejected')]!;
	const order = { ...by(last.owner), userId: target.userId };
	await expectRefused(deps, last.accountId, () => transferOwnership(deps, order), {
		code: 'conflict',
		message: 'This member owns 10 already, and that is the most. Choose another one.',
		details: { ownedMax: OWNED_ACCOUNTS_MAX },
	});

	const { userId } = await givenMember(deps, { accountId: target.accountId, role: 'staff' });
	await transferOwnership(deps, { ...by(target), userId });
	expect(await transferOwnership(deps, order)).toMatchObject({ role: 'owner' });
});

test('of two transfers at once to different members one happens', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const other = await givenMember(deps, { accountId, role: 'billing' });

	const answers = await Promise.allSettled(
		[staff, other].map(({ userId }) => transferOwnership(deps, { ...by(owner), userId })),
	);

	expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	const owners = (await listMembers(deps, { actor: owner })).items.filter(({ role }) => role === 'owner');
	expect(owners).toHaveLength(1);
	expect(await auditOf(deps, accountId)).toHaveLength(1);
});

test('what happens between the reading and the writing refuses, with no trace of what was meant', async () => {
	const deps = freshDeps();
	const meant = {
		change: (world: TestDeps, owner: Actor, userId: string) =>
			changeRole(world, { ...by(owner), userId, role: 'billing' }),
		remove: (world: TestDeps, owner: Actor, userId: string) => removeMember(world, { ...by(owner), userId }),
		transfer: (world: TestDeps, owner: Actor, userId: string) => transferOwnership(world, { ...by(owner), userId }),
	};
	for (const run of Object.values(meant)) {
		const gone = await given(deps);
		const left = interrupted(deps, () => leaveAccount(deps, leaving(gone.staff)));
		await expect(run(left, gone.owner, gone.staff.userId)).rejects.toMatchObject({ code: 'conflict' });
		expect((await auditOf(deps, gone.accountId)).map(({ action }) => action)).toEqual(['member.left']);

		const out = await given(deps);
		const { via } = out.owner;
		const signedOut = interrupted(deps, () =>
			deps.db.delete(sessions).where(eq(sessions.id, via.kind === 'session' ? via.sessionId : '')),
		);
		await expect(run(signedOut, out.owner, out.staff.userId)).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await auditOf(deps, out.accountId)).toEqual([]);
		expect(await roleOf(deps, out.staff)).toBe('staff');
		expect(await mailsTo(deps, out.staff.email)).toEqual([]);

		const raised = await given(deps);
		const handedOver = interrupted(deps, () =>
			transferOwnership(deps, { ...by(raised.owner), userId: raised.staff.userId }),
		);
		await expect(run(handedOver, raised.owner, raised.staff.userId)).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await roleOf(deps, raised.staff)).toBe('owner');
	}
});

test('who is made the owner in the moment they leave stays, so that nothing is left without one', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const handedOver = interrupted(deps, () => transferOwnership(deps, { ...by(owner), userId: staff.userId }));

	await expect(leaveAccount(handedOver, leaving(staff))).rejects.toMatchObject({ code: 'conflict' });

	expect([await roleOf(deps, owner), await roleOf(deps, staff)]).toEqual(['clinician', 'owner']);
	expect((await auditOf(deps, accountId)).map(({ action }) => action)).toEqual(['ownership.transferred']);
});

test('a role changed twice at once keeps a record that tells what really was before', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const roles: GivenRole[] = ['clinician', 'billing'];

	await Promise.allSettled(roles.map((role) => changeRole(deps, { ...by(owner), userId: staff.userId, role })));

	const entries = (await auditOf(deps, accountId)).map(({ facts }) => facts);
	const last = entries.find(({ to }) => !entries.some(({ from }) => from === to));
	expect(last?.['to']).toBe(await roleOf(deps, staff));
	expect(entries.filter(({ from }) => from === 'staff')).toHaveLength(1);
});

test('when the batch stops half-way nobody’s role changed and nothing was recorded or mailed', async () => {
	const deps = freshDeps();
	const { owner, staff, accountId } = await given(deps);
	const key = await givenKey(deps, staff);
	const runs = [
		(world: TestDeps) => changeRole(world, { ...by(owner), userId: staff.userId, role: 'billing' }),
		(world: TestDeps) => removeMember(world, { ...by(owner), userId: staff.userId }),
		(world: TestDeps) => transferOwnership(world, { ...by(owner), userId: staff.userId }),
		(world: TestDeps) => leaveAccount(world, leaving(staff)),
	];
	for (const run of runs) {
		const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
		const before = await peopleOf(deps, accountId);
		await expect(run({ ...deps, db: drizzle(db) })).rejects.toThrow(OBJECT_RESET);
		expect(await peopleOf(deps, accountId)).toEqual(before);
		expect(await isKeyLive(deps, key)).toBe(true);
	}
});

test('the tables refuse a second owner and a role that is none', async () => {
	const deps = freshDeps();
	const { staff } = await given(deps);
	const set = (role: Role) => deps.db.update(memberships).set({ role }).where(eq(memberships.userId, staff.userId));

	await expect(set('owner')).rejects.toThrow('Failed query');
	await expect(set('boss' as 'staff')).rejects.toThrow('Failed query');
	expect(await roleOf(deps, staff)).toBe('staff');
});
