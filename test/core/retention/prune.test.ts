import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { rateWindows } from '../../../schema/limits';
import { auditEntries } from '../../../schema/audit';
import { invitations } from '../../../schema/memberships';
import { sessions } from '../../../schema/users';
import { webhookEvents } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import { prune } from '../../../workers/core/retention/prune';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, givenUser } from '../../support/given';
import { givenInvitation } from '../../support/given-invitation';

const DAY_MS = 86_400_000;

async function givenSession(deps: TestDeps, expiresAt: Date): Promise<string> {
	const { userId } = await givenUser(deps);
	const id = crypto.randomUUID();
	await deps.db
		.insert(sessions)
		.values({ id, userId, token: id, expiresAt, createdAt: new Date(), updatedAt: new Date() });
	return id;
}

async function isThere(deps: TestDeps, id: string): Promise<boolean> {
	return (await deps.db.select().from(sessions).where(eq(sessions.id, id))).length === 1;
}

test('an ended session goes and a running one stays, whatever a moved clock says', async () => {
	const deps = freshDeps();
	const ended = await givenSession(deps, new Date(Date.now() - 1000));
	const running = await givenSession(deps, new Date(Date.now() + DAY_MS));

	await prune(deps, { dueMs: Date.now() + 30 * DAY_MS });

	expect(await isThere(deps, ended)).toBe(false);
	expect(await isThere(deps, running)).toBe(true);
});

test('a notice and a sweep stay their time and go after it', async () => {
	const deps = freshDeps();
	const atMs = deps.now().getTime();
	const notice = { attemptId: 'a', requestId: 'r', status: 'OK' as const, receivedAtMs: atMs };
	await deps.db.insert(webhookEvents).values({ ...notice, id: 'fal:pruned:OK' });
	await deps.db.insert(sweeps).values({ id: 'swp_pruned', startedAtMs: atMs });
	const left = async () => [
		(await deps.db.select().from(webhookEvents).where(eq(webhookEvents.id, 'fal:pruned:OK'))).length,
		(await deps.db.select().from(sweeps).where(eq(sweeps.id, 'swp_pruned'))).length,
	];

	await prune(deps, { dueMs: atMs + 30 * DAY_MS - 1 });
	expect(await left()).toEqual([1, 1]);
	await prune(deps, { dueMs: atMs + 30 * DAY_MS });
	expect(await left()).toEqual([0, 1]);
	await prune(deps, { dueMs: atMs + 90 * DAY_MS });
	expect(await left()).toEqual([0, 0]);
});

test('a window of a limit goes when it has ended, not before', async () => {
	const deps = freshDeps();
	const nowMs = deps.now().getTime();
	const window = { startsAtMs: nowMs, endsAtMs: nowMs + 60_000, count: 1, max: 1 };
	await deps.db.insert(rateWindows).values({ key: 'of one address', ...window });

	await prune(deps, { dueMs: nowMs + 59_999 });
	expect(await deps.db.select().from(rateWindows)).toHaveLength(1);
	await prune(deps, { dueMs: nowMs + 60_000 });
	expect(await deps.db.select().from(rateWindows)).toEqual([]);
});

test('an invitation stays a month after its end, and what was done is on record for 24 months', async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const atMs = deps.now().getTime();
	await givenInvitation(deps, owner, `${crypto.randomUUID()}@elsewhere.test`);
	const isTheirs = eq(auditEntries.accountId, owner.accountId);
	const left = async () => [
		(await deps.db.select().from(invitations).where(eq(invitations.accountId, owner.accountId))).length,
		(await deps.db.select().from(auditEntries).where(isTheirs)).length,
	];

	await prune(deps, { dueMs: atMs + 37 * DAY_MS - 1 });
	expect(await left()).toEqual([1, 1]);
	await prune(deps, { dueMs: atMs + 37 * DAY_MS });
	expect(await left()).toEqual([0, 1]);
	await prune(deps, { dueMs: Date.parse('2028-11-21T12:00:00.000Z') - 1 });
	expect(await left()).toEqual([0, 1]);
	await prune(deps, { dueMs: atMs + 731 * DAY_MS });
	expect(await left()).toEqual([0, 0]);
});
