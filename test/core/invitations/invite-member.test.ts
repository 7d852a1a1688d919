import { drizzle } from 'drizzle-orm/d1';
import { eq } from 'drizzle-orm';
import { expect, test, vi } from 'vitest';

import { mails } from '../../../schema/mail';
import { invitations, memberships } from '../../../schema/memberships';
import { rateWindows } from '../../../schema/limits';
import { STUDIOS } from '../../../studios/all';
import { RATES, type Studio } from '../../../studios/studio';
import { inviteMember } from '../../../workers/core/invitations/invite-member';
import { listInvitations } from '../../../workers/core/invitations/list-invitations';
import { lookAtInvitation } from '../../../workers/core/invitations/look-at-invitation';
import { revokeInvitation } from '../../../workers/core/invitations/revoke-invitation';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount, givenMember, givenUser } from '../../support/given';
import {
	accept,
	auditOf,
	givenInvitation,
	givenPerson,
	inviting,
	mailsTo,
	peopleOf,
	WHENCE,
} from '../../support/given-invitation';

const DAY_HOURS = 24;

function anAddress(): string {
	return `${crypto.randomUUID()}@elsewhere.test`;
}

function studioOf(membersMax: number): Studio {
	return { ...STUDIOS.dental, tenancy: { ...STUDIOS.dental.tenancy, membersMax } };
}

async function expectRefused(deps: TestDeps, accountId: string, run: () => Promise<unknown>, refusal: object) {
	const before = await peopleOf(deps, accountId);
	const windows = await deps.db.select().from(rateWindows);
	await expect(run()).rejects.toMatchObject(refusal);
	expect(await peopleOf(deps, accountId)).toEqual(before);
	expect(await deps.db.select().from(rateWindows)).toEqual(windows);
}

test('an invitation is mailed, stored by the hash of its token, and recorded', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const email = anAddress();

	const { token, url, ...answer } = await givenInvitation(deps, owner, email, 'billing');

	expect(url).toBe(`https://app.test/invitations#${token}`);
	expect(token).toMatch(/^[\w-]{43}$/);
	expect(answer).toEqual({
		id: expect.stringMatching(/^inv_/),
		email,
		role: 'billing',
		state: 'open',
		invitedBy: { id: owner.userId, name: 'Ada' },
		createdAt: '2026-11-21T12:00:00.000Z',
		expiresAt: '2026-11-28T12:00:00.000Z',
	});
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
	const tokenHash = Buffer.from(digest).toString('base64url');
	const [stored] = await deps.db.select().from(invitations).where(eq(invitations.accountId, owner.accountId));
	expect(stored).toMatchObject({ email, role: 'billing', tokenHash, acceptedAtMs: null, revokedAtMs: null });
	expect(await auditOf(deps, owner.accountId)).toMatchObject([
		{
			action: 'member.invited',
			targetId: answer.id,
			facts: { role: 'billing' },
			userId: owner.userId,
			...inviting(owner, email).whence,
		},
	]);
	expect(await mailsTo(deps, email)).toMatchObject([
		{ kind: 'invitation', accountName: 'Practice', inviterName: 'Ada', role: 'billing', days: 7 },
	]);
});

test('neither the token nor the address is in a row, a message, a log line or the audit, but for the invitation’s own address', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const email = anAddress();
	const lines: unknown[] = [];
	const spies = (['log', 'info', 'warn', 'debug'] as const).map((level) =>
		vi.spyOn(console, level).mockImplementation((...words) => void lines.push(words)),
	);

	const { token, id } = await givenInvitation(deps, owner, email);
	await lookAtInvitation(deps, { token });
	await revokeInvitation(deps, { actor: owner, whence: WHENCE, invitationId: id });

	for (const spy of spies) spy.mockRestore();
	const told = JSON.stringify([
		lines,
		deps.sent,
		await auditOf(deps, owner.accountId),
		await deps.db.select().from(mails),
	]);
	const rows = JSON.stringify(await deps.db.select().from(invitations));
	expect(told).not.toContain(email);
	expect(told + rows).not.toContain(token);
});

test('an address that somebody has and one that nobody has are answered alike', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const { email: known } = await givenUser(deps);
	const unknown = anAddress();
	const counted = countD1(deps.d1);
	const counting = { ...deps, db: drizzle(counted.db) };

	const answers = [];
	const costs = [];
	for (const email of [known, unknown]) {
		answers.push(await inviteMember(counting, inviting(owner, email)));
		costs.push({ ...counted.count });
	}

	const like = { id: expect.any(String), email: expect.any(String) };
	expect({ ...answers[0], ...like }).toEqual({ ...answers[1], ...like });
	expect(costs).toEqual([
		{ statements: 5, batches: 1 },
		{ statements: 10, batches: 2 },
	]);
	expect(await mailsTo(deps, known)).toHaveLength(1);
	expect(await mailsTo(deps, unknown)).toHaveLength(1);
});

test('inviting the same address again leaves one open invitation, and the older link is dead', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const person = await givenPerson(deps);
	const first = await givenInvitation(deps, owner, person.email, 'billing');
	const second = await givenInvitation(deps, owner, person.email, 'clinician');

	expect(await lookAtInvitation(deps, first)).toMatchObject({ state: 'revoked' });
	await expect(accept(deps, person, first.token)).rejects.toMatchObject({ code: 'gone' });
	expect(await listInvitations(deps, { actor: owner })).toMatchObject([{ id: second.id, role: 'clinician' }]);
	expect(await accept(deps, person, second.token)).toMatchObject({ role: 'clinician' });
});

test('of the same address invited five times at once one invitation is open', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const email = anAddress();

	await Promise.all(Array.from({ length: 5 }, () => inviteMember(deps, inviting(owner, email))));

	expect(await listInvitations(deps, { actor: owner })).toHaveLength(1);
	expect(await auditOf(deps, owner.accountId)).toHaveLength(5);
});

test('somebody who belongs to it is not invited, however their address is written', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const { email } = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });

	await expectRefused(deps, owner.accountId, () => inviteMember(deps, inviting(owner, email)), {
		code: 'conflict',
		message: 'Somebody with this address belongs to the practice already.',
	});
	expect(await listInvitations(deps, { actor: owner })).toEqual([]);
});

test('members and open invitations together stay under the most, also when invited at once; an end makes room', async () => {
	const deps = freshDeps({ studio: studioOf(4) });
	const owner = await givenAccount(deps);
	await givenMember(deps, { accountId: owner.accountId, role: 'staff' });

	const answers = await Promise.allSettled(
		Array.from({ length: 6 }, () => inviteMember(deps, inviting(owner, anAddress()))),
	);

	expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
	await expectRefused(deps, owner.accountId, () => inviteMember(deps, inviting(owner, anAddress())), {
		code: 'conflict',
		details: { membersMax: 4 },
	});
	const [open] = await listInvitations(deps, { actor: owner });
	// The same address again takes no second place.
	await inviteMember(deps, inviting(owner, open!.email));
	deps.clock.advance({ hours: 7 * DAY_HOURS });
	expect(await inviteMember(deps, inviting(owner, anAddress()))).toMatchObject({ state: 'open' });
});

test('where people work alone nobody is invited', async () => {
	const deps = freshDeps({ studio: STUDIOS.image });
	const owner = await givenAccount(deps);

	await expectRefused(deps, owner.accountId, () => inviteMember(deps, inviting(owner, anAddress())), {
		code: 'not_allowed',
		message: expect.stringContaining('for one person'),
	});
});

test('who lost the role between the check and the writing invites nobody', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });

	await expectRefused(deps, owner.accountId, () => inviteMember(deps, inviting(staff, anAddress())), {
		code: 'not_allowed',
		message: expect.stringContaining('any more'),
	});
});

test('the sixth invitation of one address within an hour is refused with the time to wait, and nothing is mailed', async () => {
	const deps = freshDeps();
	const email = anAddress();
	const owners = await Promise.all(Array.from({ length: 6 }, () => givenAccount(deps)));
	for (const owner of owners.slice(0, 5)) await inviteMember(deps, inviting(owner, email));

	const last = owners[5]!;
	await expectRefused(deps, last.accountId, () => inviteMember(deps, inviting(last, email)), {
		code: 'too_many_requests',
		details: { retryAfterSeconds: expect.any(Number) },
	});
});

test('accounts that invite from one network are counted together, those elsewhere are not', async () => {
	const rates = { ...RATES, invite: { ...RATES.invite, network: { max: 2, minutes: 60 } } };
	const lookupKey = `a lookup key of one test: ${crypto.randomUUID()}`;
	const deps = freshDeps({ lookupKey, studio: { ...STUDIOS.dental, rates } });
	for (let each = 0; each < 2; each += 1) {
		await inviteMember(deps, { ...inviting(await givenAccount(deps), anAddress()), whence: WHENCE });
	}

	const owner = await givenAccount(deps);
	const order = { ...inviting(owner, anAddress()), whence: WHENCE };
	await expectRefused(deps, owner.accountId, () => inviteMember(deps, order), {
		code: 'too_many_requests',
		details: { retryAfterSeconds: 3600 },
	});
	expect(await mailsTo(deps, order.email)).toEqual([]);
	const elsewhere = { ...WHENCE, network: '198.51.100.0/24' };
	expect(await inviteMember(deps, { ...order, whence: elsewhere })).toMatchObject({ state: 'open' });
});

test('an owner’s row is never what an invitation makes: the table refuses it', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const order = { ...inviting(owner, anAddress()), role: 'owner' as 'staff' };

	await expect(inviteMember(deps, order)).rejects.toThrow('invited_as_member');
	expect(await listInvitations(deps, { actor: owner })).toEqual([]);
});

test('when the batch stops half-way nothing is stored and nothing is told', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const open = await givenInvitation(deps, owner, anAddress());
	const before = await peopleOf(deps, owner.accountId);
	const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);

	await expect(inviteMember({ ...deps, db: drizzle(db) }, inviting(owner, open.email))).rejects.toThrow(OBJECT_RESET);

	expect(await peopleOf(deps, owner.accountId)).toEqual(before);
	expect(await lookAtInvitation(deps, open)).toMatchObject({ state: 'open' });
});

test('invitations are listed in one statement, those past their time as such, and no ended one', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const other = await givenAccount(deps);
	const old = await givenInvitation(deps, owner, anAddress());
	await givenInvitation(deps, other, anAddress());
	deps.clock.advance({ hours: 7 * DAY_HOURS });
	const fresh = await givenInvitation(deps, owner, anAddress());
	const revoked = await givenInvitation(deps, owner, anAddress());
	await revokeInvitation(deps, { actor: owner, whence: WHENCE, invitationId: revoked.id });
	const counted = countD1(deps.d1);

	expect(await listInvitations({ ...deps, db: drizzle(counted.db) }, { actor: owner })).toMatchObject([
		{ id: fresh.id, state: 'open', invitedBy: { id: owner.userId, name: 'Ada' } },
		{ id: old.id, state: 'expired' },
	]);
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('whoever holds the link sees what it is about, not the whole address, in one statement; another token is not found', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const { token } = await givenInvitation(deps, owner, `grace.${crypto.randomUUID()}@elsewhere.test`);
	const counted = countD1(deps.d1);

	expect(await lookAtInvitation({ ...deps, db: drizzle(counted.db) }, { token })).toEqual({
		accountName: 'Practice',
		inviterName: 'Ada',
		role: 'staff',
		email: 'g…@elsewhere.test',
		state: 'open',
		expiresAt: '2026-11-28T12:00:00.000Z',
	});
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
	await expect(lookAtInvitation(deps, { token: `${token}x` })).rejects.toMatchObject({ code: 'not_found' });
	deps.clock.advance({ hours: 7 * DAY_HOURS });
	expect(await lookAtInvitation(deps, { token })).toMatchObject({ state: 'expired' });
});

test('revoking kills the link, once; again it changes nothing, and a stranger’s is not found', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const stranger = await givenAccount(deps);
	const person = await givenPerson(deps);
	const { id: invitationId, token } = await givenInvitation(deps, owner, person.email);
	const order = { actor: owner, whence: WHENCE, invitationId };

	await expectRefused(deps, owner.accountId, () => revokeInvitation(deps, { ...order, actor: stranger }), {
		code: 'not_found',
		message: 'There is no such invitation, or it is not yours.',
	});
	await expect(revokeInvitation(deps, { ...order, invitationId: 'inv_none' })).rejects.toMatchObject({
		message: 'There is no such invitation, or it is not yours.',
	});
	expect(await revokeInvitation(deps, order)).toEqual({ id: invitationId });
	const after = await peopleOf(deps, owner.accountId);
	expect(await revokeInvitation(deps, order)).toEqual({ id: invitationId });
	expect(await peopleOf(deps, owner.accountId)).toEqual(after);
	expect(after.audit.map(({ action }) => action)).toEqual(expect.arrayContaining(['invitation.revoked']));
	expect(after.audit).toHaveLength(2);
	await expectRefused(deps, owner.accountId, () => accept(deps, person, token), { code: 'gone' });
});

test('revoking what was accepted is refused, and so is revoking without the role', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const person = await givenPerson(deps);
	const used = await givenInvitation(deps, owner, person.email);
	await accept(deps, person, used.token);
	const open = await givenInvitation(deps, owner, anAddress());

	const revoke = (actor: typeof owner, invitationId: string) => () =>
		revokeInvitation(deps, { actor, whence: WHENCE, invitationId });
	await expectRefused(deps, owner.accountId, revoke(owner, used.id), { code: 'conflict' });
	await expectRefused(deps, owner.accountId, revoke(staff, open.id), { code: 'not_allowed' });
	expect(await deps.db.select().from(memberships).where(eq(memberships.userId, person.userId))).toHaveLength(1);
});
