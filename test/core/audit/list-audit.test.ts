import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { apiKeys } from '../../../schema/api-keys';
import { memberships } from '../../../schema/memberships';
import { auditStatement, type AuditFacts } from '../../../workers/core/audit/audit-statement';
import { listAudit, type AuditFilter } from '../../../workers/core/audit/list-audit';
import { READ_TRACE_MINUTES } from '../../../workers/core/audit/trace-read';
import type { Actor } from '../../../workers/core/actor';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, givenMember } from '../../support/given';
import { givenInvitation, WHENCE } from '../../support/given-invitation';

function reading(actor: Actor, filter: AuditFilter = {}, page: { cursor?: string | undefined; limit?: number } = {}) {
	return { actor, whence: WHENCE, filter, cursor: page.cursor, limit: page.limit ?? 100 };
}

async function note(deps: TestDeps, actor: Actor, entry: AuditFacts): Promise<void> {
	await auditStatement(deps, { actor, whence: WHENCE }, entry);
}

function readsOf({ db }: TestDeps, { accountId }: Actor) {
	return db
		.select()
		.from(auditEntries)
		.where(and(eq(auditEntries.accountId, accountId), eq(auditEntries.action, 'audit.read')));
}

test('an entry says who, what, to whom, when, from where and why', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	const facts = { from: 'staff', to: 'billing' };
	await note(deps, owner, { action: 'role.changed', targetId: staff.userId, facts, reason: 'Office work.' });

	const { items, nextCursor } = await listAudit(deps, reading(owner, { action: 'role.changed' }));

	expect(items).toEqual([
		{
			id: expect.stringMatching(/^aud_/),
			at: '2026-11-21T12:00:00.000Z',
			action: 'role.changed',
			who: { id: owner.userId, name: 'Ada' },
			keyId: null,
			target: { id: staff.userId, name: 'Ada' },
			facts,
			reason: 'Office work.',
			...WHENCE,
		},
	]);
	expect(nextCursor).toBeNull();
});

test('former members, keys and invited addresses have their names, and who is gone has none', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	await note(deps, staff, { action: 'member.left', targetId: staff.userId });
	await deps.db.delete(memberships).where(eq(memberships.userId, staff.userId));
	const keyId = deps.newId('key');
	await deps.db.insert(apiKeys).values({
		id: keyId,
		accountId: owner.accountId,
		userId: owner.userId,
		name: 'Website',
		secretHash: keyId,
		ending: 'abcd',
		scopes: [],
		createdAtMs: 1,
		expiresAtMs: 2,
	});
	await note(deps, owner, { action: 'key.made', targetId: keyId });
	await note(deps, { ...owner, userId: 'nobody any more' }, { action: 'account.changed', targetId: 'gone' });
	await givenInvitation(deps, owner, 'grace@elsewhere.test');

	const { items } = await listAudit(deps, reading(owner));

	const named = new Map(items.map(({ action, who, target }) => [action, [who.name, target?.name]]));
	expect(named.get('member.left')).toEqual(['Ada', 'Ada']);
	expect(named.get('key.made')).toEqual(['Ada', 'Website']);
	expect(named.get('account.changed')).toEqual([null, null]);
	expect(named.get('member.invited')).toEqual(['Ada', 'grace@elsewhere.test']);
});

test('it is filtered by action, by who did it and by time, and never shows another account or what is about a person alone', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const other = await givenAccount(deps);
	const staff = await givenMember(deps, { accountId: owner.accountId, role: 'staff' });
	await note(deps, owner, { action: 'account.changed' });
	await note(deps, other, { action: 'account.changed' });
	await deps.db.insert(auditEntries).values({
		id: deps.newId('audit'),
		accountId: null,
		userId: owner.userId,
		action: 'password.changed',
		facts: {},
		createdAtMs: deps.now().getTime(),
	});
	const firstMs = deps.now().getTime();
	deps.clock.advance({ hours: 1 });
	await note(deps, staff, { action: 'member.left' });
	const laterMs = deps.now().getTime();
	deps.clock.advance({ hours: 1 });

	const shown = async (filter: AuditFilter) =>
		(await listAudit(deps, reading(owner, filter))).items.map(({ action }) => action);

	expect(await shown({})).toEqual(['audit.read', 'member.left', 'account.changed']);
	expect(await shown({ action: 'member.left' })).toEqual(['member.left']);
	expect(await shown({ userId: staff.userId })).toEqual(['member.left']);
	expect(await shown({ userId: other.userId })).toEqual([]);
	expect(await shown({ fromMs: laterMs, untilMs: laterMs + 1 })).toEqual(['member.left']);
	expect(await shown({ untilMs: laterMs })).toEqual(['account.changed']);
	expect(await shown({ fromMs: firstMs, untilMs: firstMs })).toEqual([]);
});

test('pages follow one another without a gap or a double, also of one moment, in one batch each', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	for (let n = 0; n < 23; n += 1) await note(deps, owner, { action: 'account.changed', facts: { n: String(n) } });
	deps.clock.advance({ seconds: 1 });
	const counted = countD1(deps.d1);
	const counting = { ...deps, db: drizzle(counted.db) };

	const seen: string[] = [];
	let cursor: string | undefined;
	let pages = 0;
	do {
		const page = await listAudit(counting, reading(owner, { action: 'account.changed' }, { cursor, limit: 10 }));
		seen.push(...page.items.map(({ facts }) => facts['n'] ?? ''));
		cursor = page.nextCursor ?? undefined;
		pages += 1;
	} while (cursor !== undefined);

	expect(pages).toBe(3);
	expect(seen).toHaveLength(23);
	expect(new Set(seen).size).toBe(23);
	expect(counted.count).toEqual({ statements: 6, batches: 3 });
});

test.each(['x', '1~', '1~a b', `${'9'.repeat(20)}~aud_1`])(
	'the cursor "%s", which nobody gave, is refused',
	async (cursor) => {
		const deps = freshDeps();
		const owner = await givenAccount(deps);

		const refused = listAudit(deps, reading(owner, {}, { cursor }));

		await expect(refused).rejects.toMatchObject({ code: 'invalid_input' });
		expect(await readsOf(deps, owner)).toEqual([]);
	},
);

test('reading leaves one entry an hour for each reader and account', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const second = await givenMember(deps, { accountId: owner.accountId, role: 'clinician' });
	const elsewhere = await givenAccount(deps);
	const read = (actor: Actor) => listAudit(deps, reading(actor));

	await Promise.all([read(owner), read(owner), read(owner)]);
	expect(await readsOf(deps, owner)).toMatchObject([{ userId: owner.userId, facts: {}, ...WHENCE }]);
	await read(second);
	await read({ ...owner, accountId: elsewhere.accountId });
	expect(await readsOf(deps, owner)).toHaveLength(2);
	expect(await readsOf(deps, elsewhere)).toHaveLength(1);

	deps.clock.advance({ minutes: READ_TRACE_MINUTES - 1 });
	await read(owner);
	expect(await readsOf(deps, owner)).toHaveLength(2);
	deps.clock.advance({ minutes: 1 });
	await read(owner);
	expect(await readsOf(deps, owner)).toHaveLength(3);
});

test('an empty reason is none', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	await note(deps, owner, { action: 'member.removed', reason: '' });

	const { items } = await listAudit(deps, reading(owner, { action: 'member.removed' }));

	expect(items).toMatchObject([{ reason: null }]);
});
