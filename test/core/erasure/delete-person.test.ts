import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { auditEntries } from '../../../schema/audit';
import { DATA_MAP } from '../../../schema/data-map/data-map';
import { erasures } from '../../../schema/erasures';
import { mails } from '../../../schema/mail';
import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import { resolvePerson } from '../../../workers/core/accounts/resolve-person';
import { deletePerson } from '../../../workers/core/erasure/delete-person';
import { countLeft } from '../../../workers/core/erasure/owned-rows';
import { readErasure } from '../../../workers/core/erasure/read-erasure';
import { tellMembers } from '../../../workers/core/erasure/tell-members';
import { renderMail } from '../../../workers/core/mail/render-mail';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { sweep } from '../../../workers/core/retention/sweep';
import { isErased } from '../../../workers/core/vault/tombstone';
import { givenAccount, givenMember, givenSession } from '../../support/given';
import { renderWorld, type RenderWorld } from '../../support/render-world';
import { erasureOf, receiptBodyOf, untilErased } from './erasure-world';

type Actor = Awaited<ReturnType<typeof givenAccount>>;

async function personOf({ db }: RenderWorld, { userId, via }: Actor) {
	const [user] = await db.select().from(users).where(eq(users.id, userId));
	return { userId, sessionId: via.kind === 'session' ? via.sessionId : '', email: user!.email };
}

/** A world whose mailer takes what it is given. */
async function mailingWorld() {
	const deps = await renderWorld();
	const taken: { to: string; subject: string }[] = [];
	deps.mailer = {
		send: ({ to, subject }: { to: string; subject: string }) => {
			taken.push({ to, subject });
			return Promise.resolve({ kind: 'taken', providerId: `re_${taken.length}` } as const);
		},
	};
	return { deps, taken };
}

test('a person goes with what they alone own, and is told twice: now, and when all of it is gone', async () => {
	const { deps, taken } = await mailingWorld();
	const actor = await givenAccount(deps);
	const person = await personOf(deps, actor);

	const { erasureId, receiptId } = await deletePerson(deps, { person, accountIds: [] });
	expect(await resolvePerson(deps, { sessionToken: `token of ${person.sessionId}` })).toBeNull();
	await untilErased(deps, erasureId);

	const owner = { kind: 'person', targetId: person.userId, accountId: null } as const;
	for (const table of Object.keys(DATA_MAP))
		expect([table, await countLeft(deps.db, table, owner)]).toEqual([table, 0]);
	expect(await isErased(deps, actor.accountId)).toBe(true);
	const body = await receiptBodyOf(deps, receiptId);
	expect(body).toMatchObject({ kind: 'person_erased', objectId: erasureId, deleted: [{ what: 'person', count: 1 }] });
	expect(JSON.stringify(body)).not.toContain(person.userId);
	const view = await readErasure(deps, { id: erasureId });
	expect(view).toMatchObject({ state: 'certified', blockedBy: null, accounts: [{ state: 'certified' }] });
	expect(view.receipt?.receipt.body.receiptId).toBe(receiptId);
	expect(JSON.stringify(view)).not.toContain(actor.accountId);

	deps.clock.advance({ minutes: 2 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(taken).toEqual([
		{ to: person.email, subject: 'Your account is being deleted: Dental Diffusion' },
		{ to: person.email, subject: 'Your account is erased: Dental Diffusion' },
	]);
	const rows = await deps.db.select().from(mails);
	expect(rows.filter(({ kind, sealed, userId }) => kind === 'erasure' && (sealed !== null || userId !== null))).toEqual(
		[],
	);
});

test('the mail that says it is done is sealed in the erasure until then, and opens for its own id alone', async () => {
	const { deps } = await mailingWorld();
	const actor = await givenAccount(deps);
	const person = await personOf(deps, actor);
	const { erasureId } = await deletePerson(deps, { person, accountIds: [] });
	const { erasure } = await erasureOf(deps, erasureId);
	expect(erasure?.doneMail).not.toContain(person.email);
	expect(await openMail(deps.mailKey, `mai_${erasureId.slice(4)}`, erasure!.doneMail!)).toMatchObject({
		to: person.email,
		stage: 'done',
	});
	await expect(openMail(deps.mailKey, deps.newId('mail'), erasure!.doneMail!)).rejects.toThrow('for another id');
});

test('what others belong to goes only when it is named, and until then nothing is done', async () => {
	const { deps } = await mailingWorld();
	const actor = await givenAccount(deps);
	const colleague = await givenMember(deps, { accountId: actor.accountId, role: 'clinician' });
	const person = await personOf(deps, actor);

	await expect(deletePerson(deps, { person, accountIds: [] })).rejects.toMatchObject({
		code: 'conflict',
		details: { accountIds: [actor.accountId] },
	});
	expect(await isErased(deps, person.userId)).toBe(false);
	expect(await resolvePerson(deps, { sessionToken: `token of ${person.sessionId}` })).not.toBeNull();

	const { erasureId } = await deletePerson(deps, { person, accountIds: [actor.accountId] });
	const token = colleague.via.kind === 'session' ? `token of ${colleague.via.sessionId}` : '';
	expect(await resolvePerson(deps, { sessionToken: token })).toMatchObject({ account: null });
	await untilErased(deps, erasureId);
	expect(await deps.db.select().from(users).where(eq(users.id, colleague.userId))).toHaveLength(1);
	expect(await resolvePerson(deps, { sessionToken: token })).toMatchObject({ account: null, accountCount: 0 });
});

test('members of a practice that goes are told once that it was deleted, without a name, and its owner is not', async () => {
	const { deps, taken } = await mailingWorld();
	const actor = await givenAccount(deps);
	const { accountId } = actor;
	await deps.db.update(accounts).set({ name: 'Praxis Nordlicht' }).where(eq(accounts.id, accountId));
	const colleague = await givenMember(deps, { accountId, role: 'clinician' });
	const person = await personOf(deps, actor);
	const { email } = await personOf(deps, colleague);

	const { erasureId } = await deletePerson(deps, { person, accountIds: [accountId] });
	const [practice] = await deps.db.select().from(erasures).where(eq(erasures.targetId, accountId));
	// Broken off after the mail and before they are off it.
	expect(await tellMembers(deps, practice!)).toBe(false);
	await deps.db.insert(memberships).values({ accountId, userId: colleague.userId, role: 'clinician', createdAtMs: 0 });
	const queued = await deps.db.select().from(mails).where(eq(mails.userId, colleague.userId));
	expect(queued).toMatchObject([{ kind: 'account_erased', mailClass: 'transactional', state: 'queued' }]);
	const said = await openMail(deps.mailKey, queued[0]!.id, queued[0]!.sealed!);
	expect(said).toEqual({ kind: 'account_erased', to: email, hours: deps.studio.policy.erasure.deadlineHours });
	expect(JSON.stringify(renderMail(deps, said))).not.toMatch(/Nordlicht/);
	await untilErased(deps, erasureId);
	deps.clock.advance({ minutes: 2 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });

	expect(taken.filter(({ to }) => to === email)).toEqual([
		{ to: email, subject: 'A practice you belonged to was deleted: Dental Diffusion' },
	]);
	expect(taken.filter(({ to }) => to === person.email).map(({ subject }) => subject)).toEqual([
		'Your account is being deleted: Dental Diffusion',
		'Your account is erased: Dental Diffusion',
	]);
});

test('somebody else’s account cannot be named, and a session that ended meanwhile deletes nobody', async () => {
	const { deps } = await mailingWorld();
	const actor = await givenAccount(deps);
	const stranger = await givenAccount(deps);
	const person = await personOf(deps, actor);
	await expect(deletePerson(deps, { person, accountIds: [stranger.accountId] })).rejects.toMatchObject({
		code: 'not_found',
	});
	await env.DB.prepare('delete from sessions where id = ?').bind(person.sessionId).run();
	await expect(deletePerson(deps, { person, accountIds: [] })).rejects.toMatchObject({ code: 'not_signed_in' });
	const { results } = await env.DB.prepare('select id from erasures where target_id in (?, ?, ?)')
		.bind(person.userId, actor.accountId, stranger.accountId)
		.all();
	expect(results).toEqual([]);
});

test('who signs in between asking and being gone is nobody, and that session goes too', async () => {
	const { deps } = await mailingWorld();
	const actor = await givenAccount(deps);
	const person = await personOf(deps, actor);
	const { erasureId } = await deletePerson(deps, { person, accountIds: [] });
	const late = await givenSession(deps, { userId: person.userId, accountId: actor.accountId });
	expect(await resolvePerson(deps, { sessionToken: `token of ${late.sessionId}` })).toBeNull();
	await untilErased(deps, erasureId);
	const { results } = await env.DB.prepare('select id from sessions where user_id = ?').bind(person.userId).all();
	expect(results).toEqual([]);
});

test('an audit entry of theirs in another practice stays without why, where from and what', async () => {
	const { deps } = await mailingWorld();
	const owner = await givenAccount(deps);
	const member = await givenMember(deps, { accountId: owner.accountId, role: 'clinician' });
	await deps.db.insert(auditEntries).values({
		id: deps.newId('audit'),
		accountId: owner.accountId,
		userId: member.userId,
		action: 'key.made',
		facts: { scope: 'assets:read' },
		reason: 'for the scanner',
		network: '192.0.2.0/24',
		country: 'DE',
		browser: 'Firefox on Linux',
		createdAtMs: deps.now().getTime(),
	});
	const { erasureId } = await deletePerson(deps, { person: await personOf(deps, member), accountIds: [] });
	await untilErased(deps, erasureId);
	expect(await deps.db.select().from(auditEntries).where(eq(auditEntries.userId, member.userId))).toMatchObject([
		{ action: 'key.made', facts: {}, reason: null, network: null, country: null, browser: null },
	]);
});
