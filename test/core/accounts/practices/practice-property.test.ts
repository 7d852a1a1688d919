import { and, eq, isNull, gt, sql } from 'drizzle-orm';
import { array, assert, asyncProperty, constantFrom, nat, record, type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../../schema/audit';
import { invitations, memberships } from '../../../../schema/memberships';
import { STUDIOS } from '../../../../studios/all';
import type { Studio } from '../../../../studios/studio';
import { changeRole } from '../../../../workers/core/accounts/change-role';
import { leaveAccount } from '../../../../workers/core/accounts/leave-account';
import type { GivenRole } from '../../../../workers/core/accounts/member';
import { removeMember } from '../../../../workers/core/accounts/remove-member';
import { transferOwnership } from '../../../../workers/core/accounts/transfer-ownership';
import type { Actor } from '../../../../workers/core/actor';
import { AppError } from '../../../../workers/core/errors';
import { revokeInvitation } from '../../../../workers/core/invitations/revoke-invitation';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { givenAccount, givenSession, givenUser } from '../../../support/given';
import { accept, givenInvitation, WHENCE } from '../../../support/given-invitation';
import { propertyParameters } from '../../../support/property';

/*
 * Five people and one practice of four: whoever they are at that moment, they invite, accept, revoke, change roles, remove, leave
 * and hand over, several at once. After every wave the stored rows have to be a practice.
 */

const RUNS = 12;
const PEOPLE = 5;
const MEMBERS_MAX = 4;
const OFTEN = { max: 100_000, minutes: 60 };

const studio: Studio = {
	...STUDIOS.dental,
	tenancy: { ...STUDIOS.dental.tenancy, membersMax: MEMBERS_MAX },
	rates: { ...STUDIOS.dental.rates, invite: { account: OFTEN, address: OFTEN, network: OFTEN } },
};

interface Step {
	kind: 'invite' | 'accept' | 'revoke' | 'change' | 'remove' | 'leave' | 'transfer' | 'wait';
	/** Null: whoever owns it at that moment. */
	by: number | null;
	whom: number;
	role: GivenRole;
}

const step: Arbitrary<Step> = record({
	kind: constantFrom('invite', 'accept', 'accept', 'revoke', 'change', 'change', 'remove', 'leave', 'transfer', 'wait'),
	// Mostly somebody who may, and sometimes anybody.
	by: constantFrom(null, null, null, null, null, null, 0, 1, 2, 3, 4),
	whom: nat(PEOPLE - 1),
	role: constantFrom<GivenRole>('clinician', 'staff', 'billing'),
});
const waves = array(array(step, { minLength: 1, maxLength: 5 }), { minLength: 6, maxLength: 14 });

const figures: Record<string, number> = {};

test('whatever people do at once, a practice has one owner, room and a true record', { timeout: 120_000 }, async () => {
	const parameters = propertyParameters('practice property', RUNS);
	await assert(asyncProperty(waves, checkRun), parameters);
	console.log(`practice property: ${JSON.stringify(figures)}`);
	// Runs in which nobody might do anything would prove nothing.
	const done = ['change', 'remove', 'leave', 'transfer'].map((kind) => figures[`${kind} done`] ?? 0);
	expect(done.reduce((sum, n) => sum + n)).toBeGreaterThan(0);
});

interface Practice {
	deps: TestDeps;
	accountId: string;
	people: (Actor & { email: string; sessionId: string })[];
	/** By person: the newest token and id that their address was sent. */
	links: Map<number, { token: string; id: string }>;
	/** By action: how often somebody was told that it was done. */
	done: Map<string, number>;
}

async function checkRun(planned: readonly Step[][]): Promise<void> {
	const practice = await givenPractice();
	for (const wave of planned) {
		await Promise.all(wave.map((one) => take(practice, one)));
		await expectPractice(practice);
	}
}

async function givenPractice(): Promise<Practice> {
	const deps = freshDeps({ studio });
	const { accountId, userId } = await givenAccount(deps);
	const first = { userId, email: `${userId}@practice.test` };
	const others = await Promise.all(Array.from({ length: PEOPLE - 1 }, () => givenUser(deps)));
	const people = await Promise.all(
		[first, ...others].map(async (person) => {
			const via = await givenSession(deps, { userId: person.userId, accountId });
			return { ...person, accountId, via, sessionId: via.sessionId };
		}),
	);
	const practice: Practice = { deps, accountId, people, links: new Map(), done: new Map() };
	for (const whom of [1, 2]) {
		await take(practice, { kind: 'invite', by: 0, whom, role: 'staff' });
		await take(practice, { kind: 'accept', by: null, whom, role: 'staff' });
	}
	return practice;
}

async function take(practice: Practice, { kind, by, whom, role }: Step): Promise<void> {
	const { deps, people, links } = practice;
	const person = people[whom]!;
	const { userId } = person;
	const actor = by === null ? await ownerNow(practice) : people[by]!;
	const order = { actor, whence: WHENCE, byName: 'Ada', userId };
	const done = (action: string) => practice.done.set(action, (practice.done.get(action) ?? 0) + 1);
	try {
		if (kind === 'wait') {
			deps.clock.advance({ hours: 24 });
		} else if (kind === 'invite') {
			links.set(whom, await givenInvitation(deps, actor, person.email, role));
			done('member.invited');
		} else if (kind === 'accept') {
			await accept(deps, person, links.get(whom)?.token ?? 'none');
		} else if (kind === 'revoke') {
			await revokeInvitation(deps, { actor, whence: WHENCE, invitationId: links.get(whom)?.id ?? 'none' });
		} else if (kind === 'change') {
			await changeRole(deps, { ...order, role });
		} else if (kind === 'remove') {
			await removeMember(deps, order);
			done('member.removed');
		} else if (kind === 'leave') {
			await leaveAccount(deps, { person, whence: WHENCE, accountId: practice.accountId });
			done('member.left');
		} else {
			await transferOwnership(deps, order);
			done('ownership.transferred');
		}
		count(`${kind} done`);
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		count(`${kind} refused`);
	}
}

function count(what: string): void {
	figures[what] = (figures[what] ?? 0) + 1;
}

async function ownerNow({ deps, accountId, people }: Practice): Promise<Actor> {
	const isOwner = and(eq(memberships.accountId, accountId), eq(memberships.role, 'owner'));
	const [row] = await deps.db.select({ userId: memberships.userId }).from(memberships).where(isOwner);
	return people.find(({ userId }) => userId === row?.userId)!;
}

async function expectPractice({ deps, accountId, done }: Practice): Promise<void> {
	const { db } = deps;
	const members = await db.select().from(memberships).where(eq(memberships.accountId, accountId));
	const open = await db
		.select()
		.from(invitations)
		.where(
			and(
				eq(invitations.accountId, accountId),
				isNull(invitations.acceptedAtMs),
				isNull(invitations.revokedAtMs),
				gt(invitations.expiresAtMs, deps.now().getTime()),
			),
		);
	expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1);
	expect(members.length + open.length).toBeLessThanOrEqual(MEMBERS_MAX);
	expect(new Set(open.map(({ email }) => email)).size).toBe(open.length);

	const entries = await db
		.select({ action: auditEntries.action, n: sql<number>`count(*)` })
		.from(auditEntries)
		.where(eq(auditEntries.accountId, accountId))
		.groupBy(auditEntries.action);
	const recorded = new Map(entries.map(({ action, n }) => [action, n]));
	for (const action of ['member.invited', 'member.removed', 'member.left', 'ownership.transferred']) {
		expect([action, recorded.get(action) ?? 0]).toEqual([action, done.get(action) ?? 0]);
	}
	// Who came, less who went, are those who are here beside the first.
	const went = (recorded.get('member.removed') ?? 0) + (recorded.get('member.left') ?? 0);
	expect((recorded.get('member.joined') ?? 0) - went).toBe(members.length - 1);
	await expectRolesAsRecorded(db, accountId, members);
}

/** Replayed from the first to the last, the record comes to the roles that are stored. */
async function expectRolesAsRecorded(
	db: TestDeps['db'],
	accountId: string,
	members: readonly { userId: string; role: string }[],
): Promise<void> {
	const entries = await db
		.select()
		.from(auditEntries)
		.where(eq(auditEntries.accountId, accountId))
		.orderBy(sql`rowid`);
	const roles = new Map<string, string>();
	for (const { action, targetId, facts } of entries) {
		const whom = targetId ?? '';
		if (action === 'member.joined') roles.set(whom, facts['role'] ?? '');
		if (action === 'role.changed') {
			expect(roles.get(whom)).toBe(facts['from']);
			roles.set(whom, facts['to'] ?? '');
		}
		if (action === 'ownership.transferred') {
			roles.set(facts['ownerBefore'] ?? '', 'clinician');
			roles.set(whom, 'owner');
		}
		if (action === 'member.left' || action === 'member.removed') roles.delete(whom);
	}
	for (const { userId, role } of members) {
		// The first owner came without an entry of this practice's own.
		expect([userId, roles.get(userId) ?? 'owner']).toEqual([userId, role]);
	}
}
