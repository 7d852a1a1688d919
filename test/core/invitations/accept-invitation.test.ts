import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { invitations, memberships } from '../../../schema/memberships';
import { sessions, statements, users } from '../../../schema/users';
import { STUDIOS } from '../../../studios/all';
import { acceptInvitation } from '../../../workers/core/invitations/accept-invitation';
import { revokeInvitation } from '../../../workers/core/invitations/revoke-invitation';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount, givenMember, givenSession } from '../../support/given';
import {
	accept,
	accepting,
	auditOf,
	givenInvitation,
	givenPerson,
	peopleOf,
	roleOf,
	WHENCE,
} from '../../support/given-invitation';
import { interceptD1, isWrite } from '../../support/intercepted-d1';

async function given(deps: TestDeps) {
	const owner = await givenAccount(deps);
	const person = await givenPerson(deps);
	const invitation = await givenInvitation(deps, owner, person.email, 'clinician');
	return { owner, person, ...invitation, accountId: owner.accountId };
}

async function accountOf({ db }: TestDeps, sessionId: string) {
	const [row] = await db.select({ accountId: sessions.accountId }).from(sessions).where(eq(sessions.id, sessionId));
	return row?.accountId;
}

/** Refused, and neither people nor the session nor what the person stated changed. */
async function expectRefused(
	deps: TestDeps,
	it: Awaited<ReturnType<typeof given>>,
	refusal: object,
	person = it.person,
) {
	const before = await peopleOf(deps, it.accountId);
	await expect(accept(deps, person, it.token)).rejects.toMatchObject(refusal);
	expect(await peopleOf(deps, it.accountId)).toEqual(before);
	expect(await accountOf(deps, person.sessionId)).toBeNull();
}

test('accepting makes a member, records the statement and the joining, and lets the session act there, in two round trips', async () => {
	const deps = freshDeps();
	const { owner, person, token, id, accountId } = await given(deps);
	const counted = countD1(deps.d1);

	const joined = await accept({ ...deps, db: drizzle(counted.db) }, person, token);

	expect(joined).toEqual({ id: accountId, name: 'Practice', role: 'clinician' });
	expect(counted.count).toEqual({ statements: 6, batches: 1 });
	expect(await roleOf(deps, { accountId, userId: person.userId })).toBe('clinician');
	expect(await accountOf(deps, person.sessionId)).toBe(accountId);
	expect(await deps.db.select().from(statements).where(eq(statements.userId, person.userId))).toMatchObject([
		{ kind: 'professional', textVersion: STUDIOS.dental.statement?.textVersion },
	]);
	const [stored] = await deps.db.select().from(invitations).where(eq(invitations.id, id));
	expect(stored?.acceptedAtMs).toBe(deps.now().getTime());
	const joins = (await auditOf(deps, accountId)).filter(({ action }) => action === 'member.joined');
	expect(joins).toMatchObject([
		{ userId: person.userId, targetId: person.userId, facts: { role: 'clinician', invitation: id }, ...WHENCE },
	]);
	expect(await roleOf(deps, owner)).toBe('owner');
});

test('accepted ten times at once there is one membership and one entry, and everybody is answered the same', async () => {
	const deps = freshDeps();
	const { person, token, accountId } = await given(deps);

	const answers = await Promise.all(Array.from({ length: 10 }, () => accept(deps, person, token)));

	expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
	const rows = await deps.db.select().from(memberships).where(eq(memberships.userId, person.userId));
	expect(rows).toMatchObject([{ accountId, role: 'clinician' }]);
	expect((await auditOf(deps, accountId)).map(({ action }) => action).toSorted()).toEqual([
		'member.invited',
		'member.joined',
	]);
});

test('accepted once more, after the role was changed, it answers the role they have and changes nothing', async () => {
	const deps = freshDeps();
	const { person, token, accountId } = await given(deps);
	await accept(deps, person, token);
	await deps.db.update(memberships).set({ role: 'billing' }).where(eq(memberships.userId, person.userId));
	const before = await peopleOf(deps, accountId);

	expect(await accept(deps, person, token)).toMatchObject({ role: 'billing' });
	expect(await peopleOf(deps, accountId)).toEqual(before);
});

test('somebody who belongs to it by now keeps their role, and the invitation is used', async () => {
	const deps = freshDeps();
	const it = await given(deps);
	const { accountId, person } = it;
	const member = { accountId, userId: person.userId };
	await deps.db.insert(memberships).values({ ...member, role: 'billing', createdAtMs: 1 });

	expect(await accept(deps, person, it.token)).toMatchObject({ id: accountId, role: 'billing' });

	expect(await roleOf(deps, member)).toBe('billing');
	expect(await accountOf(deps, person.sessionId)).toBe(accountId);
	expect((await auditOf(deps, accountId)).map(({ action }) => action)).toEqual(['member.invited']);
	const [stored] = await deps.db.select().from(invitations).where(eq(invitations.id, it.id));
	expect(stored?.acceptedAtMs).not.toBeNull();
});

test('a removed member cannot come back with the link they used', async () => {
	const deps = freshDeps();
	const it = await given(deps);
	await accept(deps, it.person, it.token);
	await deps.db.delete(memberships).where(eq(memberships.userId, it.person.userId));
	const { sessionId } = await givenSession(deps, { userId: it.person.userId, accountId: null });

	await expectRefused(
		deps,
		it,
		{ code: 'gone', message: expect.stringContaining('used') },
		{ ...it.person, sessionId },
	);
});

test('somebody else who holds the link is refused, and so is its receiver before their address is verified', async () => {
	const deps = freshDeps();
	const it = await given(deps);

	await expectRefused(deps, it, { code: 'not_allowed' }, await givenPerson(deps));
	await deps.db.update(users).set({ emailVerified: false }).where(eq(users.id, it.person.userId));
	await expectRefused(deps, it, { code: 'not_allowed' });
	await deps.db
		.update(users)
		.set({ emailVerified: true, email: it.person.email.toUpperCase() })
		.where(eq(users.id, it.person.userId));
	expect(await accept(deps, it.person, it.token)).toMatchObject({ role: 'clinician' });
});

test.each([
	['no statement', undefined],
	['the statement of another version', '2020-01-01'],
])('%s is refused with the version to confirm, and leaves no trace', async (_, statementVersion) => {
	const deps = freshDeps();
	const it = await given(deps);
	const before = await peopleOf(deps, it.accountId);

	const refused = acceptInvitation(deps, { ...accepting(deps, it.person, it.token), statementVersion });

	await expect(refused).rejects.toMatchObject({
		code: 'statement_required',
		details: { textVersion: STUDIOS.dental.statement?.textVersion },
	});
	expect(await peopleOf(deps, it.accountId)).toEqual(before);
});

test('an invitation past its seventh day is refused, and one a second before it works', async () => {
	const deps = freshDeps();
	const late = await given(deps);
	const inTime = await given(deps);
	deps.clock.advance({ hours: 7 * 24, seconds: -1 });
	expect(await accept(deps, inTime.person, inTime.token)).toMatchObject({ role: 'clinician' });
	deps.clock.advance({ seconds: 1 });
	await expectRefused(deps, late, { code: 'gone', message: expect.stringContaining('has ended') });
});

test('an unknown token is not found', async () => {
	const deps = freshDeps();
	await expect(accept(deps, await givenPerson(deps), 'no such token')).rejects.toMatchObject({ code: 'not_found' });
});

/** Accepts while, between the reading and the writing, `meanwhile` happens. */
async function acceptWhile(deps: TestDeps, it: Awaited<ReturnType<typeof given>>, meanwhile: () => Promise<unknown>) {
	let isDone = false;
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (isWrite(call) && !isDone) {
			isDone = true;
			await meanwhile();
		}
		return run();
	});
	const answer = await accept({ ...deps, db: drizzle(d1) }, it.person, it.token).catch((error: unknown) => error);
	expect(isDone).toBe(true);
	return answer;
}

test('revoked in the very moment it is accepted, nobody joins and nothing is left but the revocation', async () => {
	const deps = freshDeps();
	const it = await given(deps);

	const answer = await acceptWhile(deps, it, () =>
		revokeInvitation(deps, { actor: it.owner, whence: WHENCE, invitationId: it.id }),
	);

	expect(answer).toMatchObject({ code: 'gone', message: expect.stringContaining('taken back') });
	expect(await roleOf(deps, { accountId: it.accountId, userId: it.person.userId })).toBeNull();
	expect(await deps.db.select().from(statements).where(eq(statements.userId, it.person.userId))).toEqual([]);
	expect(await accountOf(deps, it.person.sessionId)).toBeNull();
	expect((await auditOf(deps, it.accountId)).map(({ action }) => action).toSorted()).toEqual([
		'invitation.revoked',
		'member.invited',
	]);
});

test('expired, filled up, re-addressed or signed out in that moment, nobody joins', async () => {
	const full = { ...STUDIOS.dental, tenancy: { ...STUDIOS.dental.tenancy, membersMax: 2 } };
	const deps = freshDeps({ studio: full });
	const meanwhiles: [code: string, (it: Awaited<ReturnType<typeof given>>) => Promise<unknown>][] = [
		['conflict', ({ accountId }) => givenMember(deps, { accountId, role: 'staff' })],
		[
			'not_allowed',
			({ person }) =>
				deps.db
					.update(users)
					.set({ email: `new-${person.email}` })
					.where(eq(users.id, person.userId)),
		],
		['not_signed_in', ({ person }) => deps.db.delete(sessions).where(eq(sessions.id, person.sessionId))],
		['gone', ({ id }) => deps.db.update(invitations).set({ expiresAtMs: 1 }).where(eq(invitations.id, id))],
	];
	for (const [code, meanwhile] of meanwhiles) {
		const it = await given(deps);
		expect(await acceptWhile(deps, it, () => meanwhile(it))).toMatchObject({ code });
		expect(await roleOf(deps, { accountId: it.accountId, userId: it.person.userId })).toBeNull();
		expect((await auditOf(deps, it.accountId)).map(({ action }) => action)).toEqual(['member.invited']);
	}
});

test('when the batch stops half-way nothing is stored; when only its answer is lost, coming again is answered', async () => {
	const deps = freshDeps();
	const it = await given(deps);
	const before = await peopleOf(deps, it.accountId);
	const lost = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
	await expect(accept({ ...deps, db: drizzle(lost.db) }, it.person, it.token)).rejects.toThrow(OBJECT_RESET);
	expect(await peopleOf(deps, it.accountId)).toEqual(before);

	const silent = faultyD1(deps.d1, firstWrites('after'), OBJECT_RESET);
	await expect(accept({ ...deps, db: drizzle(silent.db) }, it.person, it.token)).rejects.toThrow(OBJECT_RESET);
	expect(await accept(deps, it.person, it.token)).toMatchObject({ role: 'clinician' });
	expect((await auditOf(deps, it.accountId)).map(({ action }) => action).toSorted()).toEqual([
		'member.invited',
		'member.joined',
	]);
});
