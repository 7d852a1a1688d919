import { and, eq, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { auditEntries } from '../../../schema/audit';
import { creditAccounts, creditBuckets, creditEntries } from '../../../schema/credits';
import { welcomeGrants } from '../../../schema/limits';
import { memberships } from '../../../schema/memberships';
import { sessions, statements, users } from '../../../schema/users';
import { STUDIOS } from '../../../studios/all';
import { openAccount, OWNED_ACCOUNTS_MAX } from '../../../workers/core/accounts/open-account';
import { lookupHash } from '../../../workers/core/accounts/person-hash';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites } from '../../support/faulty-d1';
import { balanceOf, givenSession } from '../../support/given';
import { interceptD1, isWrite } from '../../support/intercepted-d1';

const WELCOME = STUDIOS.dental.welcomeCredits;
const WHENCE = { network: '192.0.2.0/24', country: 'DE', browser: 'Firefox on Linux' };
const STATEMENT = STUDIOS.dental.statement?.textVersion;

type Person = Awaited<ReturnType<typeof givenPerson>>;

/** A verified person with this address, signed in and without an account. */
async function givenPerson(deps: TestDeps, email = `${crypto.randomUUID()}@practice.test`) {
	const userId = crypto.randomUUID();
	const times = { createdAt: deps.now(), updatedAt: deps.now() };
	await deps.db.insert(users).values({ id: userId, name: 'Ada', email, emailVerified: true, ...times });
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	return { userId, email, sessionId };
}

function anOpening(
	person: Person,
	key: string = crypto.randomUUID(),
	statementVersion: string | undefined = STATEMENT,
) {
	return { person, whence: WHENCE, name: nameFor(person), key, statementVersion };
}

/** Of no other person's account, so that one without an owner is found too. */
function nameFor({ userId }: Person): string {
	return `Practice of ${userId}`;
}

function ownedBy(deps: TestDeps, { userId }: Person) {
	return deps.db
		.select({ id: memberships.accountId })
		.from(memberships)
		.where(and(eq(memberships.userId, userId), eq(memberships.role, 'owner')));
}

async function sessionAccount(deps: TestDeps, { sessionId }: Person): Promise<string | null | undefined> {
	const [row] = await deps.db.select().from(sessions).where(eq(sessions.id, sessionId));
	return row?.accountId;
}

/** Every row that an opening of this person may leave, to show that a refusal left none. */
async function tracesOf(deps: TestDeps, person: Person) {
	const named = await deps.db
		.select()
		.from(accounts)
		.where(eq(accounts.name, nameFor(person)));
	const ids = named.map(({ id }) => id);
	return {
		ids,
		owned: (await ownedBy(deps, person)).length,
		balances: await deps.db.select().from(creditAccounts).where(inArray(creditAccounts.id, ids)),
		welcomes: await deps.db.select().from(welcomeGrants).where(inArray(welcomeGrants.accountId, ids)),
		buckets: await deps.db.select().from(creditBuckets).where(inArray(creditBuckets.accountId, ids)),
		entries: await deps.db.select().from(creditEntries).where(inArray(creditEntries.accountId, ids)),
		audit: await deps.db.select().from(auditEntries).where(eq(auditEntries.userId, person.userId)),
		statements: await deps.db.select().from(statements).where(eq(statements.userId, person.userId)),
		session: await sessionAccount(deps, person),
	};
}

test('opening makes the account, its owner, its statement, its welcome and its audit row in one round trip', async () => {
	const { db, count } = countD1(freshDeps().d1);
	const deps = freshDeps();
	const person = await givenPerson(deps);

	const opened = await openAccount({ ...deps, db: drizzle(db) }, anOpening(person));

	expect(count.batches).toBe(1);
	expect(opened).toEqual({ id: opened.id, welcomeCredits: WELCOME });
	expect(await deps.db.select().from(accounts).where(eq(accounts.id, opened.id))).toMatchObject([
		{ name: nameFor(person), createdAtMs: deps.now().getTime() },
	]);
	expect(await balanceOf(deps, opened.id)).toEqual({ posted: WELCOME, held: 0 });
	const traces = await tracesOf(deps, person);
	expect(traces).toMatchObject({
		ids: [opened.id],
		buckets: [{ remaining: WELCOME, source: 'promo', expiresAtMs: null }],
		entries: [{ amount: WELCOME, kind: 'grant' }],
		audit: [{ accountId: opened.id, action: 'account.opened', ...WHENCE }],
		statements: [{ kind: 'professional', textVersion: STATEMENT }],
		session: opened.id,
	});
});

test('a second account of one person gets no welcome, and says so; what the first got stays', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const first = await openAccount(deps, anOpening(person));

	const second = await openAccount(deps, anOpening(person));

	expect(second).toEqual({ id: second.id, welcomeCredits: 0 });
	expect(second.id).not.toBe(first.id);
	expect(await balanceOf(deps, first.id)).toEqual({ posted: WELCOME, held: 0 });
	expect(await balanceOf(deps, second.id)).toEqual({ posted: 0, held: 0 });
	expect((await tracesOf(deps, person)).entries).toHaveLength(1);
	expect(await sessionAccount(deps, person)).toBe(second.id);
});

test.each([
	['behind a plus sign', (name: string) => `${name}+second@practice.test`, (name: string) => `${name}@practice.test`],
	['in capitals', (name: string) => `${name.toUpperCase()}@Practice.test`, (name: string) => `${name}@practice.test`],
	[
		'with dots at Gmail',
		(name: string) => `${name.slice(0, 3)}.${name.slice(3)}@gmail.com`,
		(name: string) => `${name}@gmail.com`,
	],
	['at Gmail’s other name', (name: string) => `${name}@googlemail.com`, (name: string) => `${name}@gmail.com`],
])('the same mailbox %s is the same person', async (_what, second, first) => {
	const deps = freshDeps();
	const name = crypto.randomUUID().replaceAll('-', '');
	expect(await openAccount(deps, anOpening(await givenPerson(deps, first(name))))).toMatchObject({
		welcomeCredits: WELCOME,
	});

	const again = await openAccount(deps, anOpening(await givenPerson(deps, second(name))));

	expect(again.welcomeCredits).toBe(0);
	expect(await balanceOf(deps, again.id)).toEqual({ posted: 0, held: 0 });
});

test('another mailbox gets its own welcome, at the same provider and with dots elsewhere too', async () => {
	const deps = freshDeps();
	const name = crypto.randomUUID().replaceAll('-', '');
	for (const email of [
		`${name}@practice.test`,
		`x${name}@practice.test`,
		`${name.slice(0, 3)}.${name.slice(3)}@practice.test`,
	]) {
		expect(await openAccount(deps, anOpening(await givenPerson(deps, email)))).toMatchObject({
			welcomeCredits: WELCOME,
		});
	}
});

test('of ten openings at once by one mailbox through ten users exactly one is welcomed', async () => {
	const deps = freshDeps();
	const name = crypto.randomUUID();
	const people = await Promise.all(
		Array.from({ length: 10 }, (_, at) => givenPerson(deps, `${name}+${at}@practice.test`)),
	);

	const opened = await Promise.all(people.map((person) => openAccount(deps, anOpening(person))));

	expect(opened.map(({ welcomeCredits }) => welcomeCredits).toSorted((a, b) => a - b)).toEqual([
		...Array(9).fill(0),
		WELCOME,
	]);
	const entries = await deps.db
		.select()
		.from(creditEntries)
		.where(
			inArray(
				creditEntries.accountId,
				opened.map(({ id }) => id),
			),
		);
	expect(entries).toHaveLength(1);
	const personHash = await lookupHash(deps.lookupKey, 'person', `${name}@practice.test`);
	expect(await deps.db.select().from(welcomeGrants).where(eq(welcomeGrants.personHash, personHash))).toHaveLength(1);
});

test('an account that opens while its person changes their address welcomes nobody under the old one', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const email = `${crypto.randomUUID()}@practice.test`;
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (isWrite(call)) await deps.db.update(users).set({ email }).where(eq(users.id, person.userId));
		return run();
	});

	const opened = await openAccount({ ...deps, db: drizzle(d1) }, anOpening(person));

	expect(opened.welcomeCredits).toBe(0);
	expect(await tracesOf(deps, person)).toMatchObject({ ids: [opened.id], owned: 1, welcomes: [], entries: [] });
	expect(await openAccount(deps, anOpening({ ...person, email }))).toMatchObject({ welcomeCredits: WELCOME });
	expect(await openAccount(deps, anOpening({ ...person, email }))).toMatchObject({ welcomeCredits: 0 });
});

test('what is kept of who was welcomed does not tell the address', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const { id } = await openAccount(deps, anOpening(person));
	const [row] = await deps.db.select().from(welcomeGrants).where(eq(welcomeGrants.accountId, id));
	expect(row?.personHash).toMatch(/^[\w-]{43}$/);
	expect(JSON.stringify(row)).not.toContain(person.email.split('@', 1)[0]);
});

test('the same key once more opens nothing, answers the same, and lets a new session act in it', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const opening = anOpening(person);
	const first = await openAccount(deps, opening);
	const before = await tracesOf(deps, person);

	expect(await openAccount(deps, opening)).toEqual(first);
	expect(await tracesOf(deps, person)).toEqual(before);
	const { sessionId } = await givenSession(deps, { userId: person.userId, accountId: null });
	expect(await openAccount(deps, { ...opening, person: { ...person, sessionId } })).toEqual(first);
	expect(await sessionAccount(deps, { ...person, sessionId })).toBe(first.id);
	// An unwelcomed one stays unwelcomed.
	const second = anOpening(person);
	expect(await openAccount(deps, second)).toEqual(await openAccount(deps, second));
});

test('eight openings at once with one key open one account', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const opening = anOpening(person);
	const opened = await Promise.all(Array.from({ length: 8 }, () => openAccount(deps, opening)));
	expect(opened).toEqual(Array.from({ length: 8 }, () => ({ id: opened[0]?.id, welcomeCredits: WELCOME })));
	expect(await ownedBy(deps, person)).toHaveLength(1);
	expect(await deps.db.select().from(auditEntries).where(eq(auditEntries.userId, person.userId))).toHaveLength(1);
});

test('the key of another person opens another account, and nothing of theirs', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const key = crypto.randomUUID();
	const first = await openAccount(deps, anOpening(ada, key));
	const second = await openAccount(deps, anOpening(eve, key));
	expect(second.id).not.toBe(first.id);
	expect(second.welcomeCredits).toBe(WELCOME);
	expect(await ownedBy(deps, eve)).toEqual([{ id: second.id }]);
	expect(await ownedBy(deps, ada)).toEqual([{ id: first.id }]);
});

test('who left an account is not led back into it by its key', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const opening = anOpening(person);
	const { id } = await openAccount(deps, opening);
	await deps.db.delete(memberships).where(eq(memberships.accountId, id));
	await deps.db.update(sessions).set({ accountId: null }).where(eq(sessions.id, person.sessionId));

	await expect(openAccount(deps, opening)).rejects.toMatchObject({ code: 'not_found' });
	expect(await sessionAccount(deps, person)).toBeNull();
	expect(await ownedBy(deps, person)).toEqual([]);
});

test('of fourteen openings at once by one person ten are made; one more is refused and leaves no trace', async () => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const settled = await Promise.allSettled(Array.from({ length: 14 }, () => openAccount(deps, anOpening(person))));
	expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(OWNED_ACCOUNTS_MAX);
	const before = await tracesOf(deps, person);
	expect(before.ids).toHaveLength(OWNED_ACCOUNTS_MAX);
	expect(before.entries).toHaveLength(1);
	expect(before.audit).toHaveLength(OWNED_ACCOUNTS_MAX);

	await expect(openAccount(deps, anOpening(person))).rejects.toMatchObject({
		code: 'conflict',
		message: 'You own 10 already, and that is the most. Hand one over or leave one first.',
		details: { ownedMax: OWNED_ACCOUNTS_MAX },
	});
	expect(await tracesOf(deps, person)).toEqual(before);
});

test.each([
	['none', undefined],
	['an old one', '2020-01'],
	['an empty one', ''],
])('without the statement that is shown now (%s) nothing is opened', async (_what, version) => {
	const deps = freshDeps();
	const person = await givenPerson(deps);
	const before = await tracesOf(deps, person);
	const refused = openAccount(deps, { ...anOpening(person), statementVersion: version });
	await expect(refused).rejects.toMatchObject({ code: 'statement_required', details: { textVersion: STATEMENT } });
	expect(await tracesOf(deps, person)).toEqual(before);
});

test.each(['before', 'after'] as const)(
	'lost %s D1 committed, the same key brings it to its end once',
	async (fault) => {
		const deps = freshDeps();
		const person = await givenPerson(deps);
		const opening = anOpening(person);
		const { db } = faultyD1(deps.d1, firstWrites(fault));

		await expect(openAccount({ ...deps, db: drizzle(db) }, opening)).rejects.toThrow(CONNECTION_LOST);
		expect(await ownedBy(deps, person)).toHaveLength(fault === 'before' ? 0 : 1);
		expect((await tracesOf(deps, person)).balances).toHaveLength(fault === 'before' ? 0 : 1);

		const { id, welcomeCredits } = await openAccount(deps, opening);
		expect(welcomeCredits).toBe(WELCOME);
		expect(await tracesOf(deps, person)).toMatchObject({
			ids: [id],
			entries: [{ accountId: id, amount: WELCOME }],
			audit: [{ accountId: id }],
			session: id,
		});
		expect(await balanceOf(deps, id)).toEqual({ posted: WELCOME, held: 0 });
	},
);

test('with a session of somebody else nothing is opened, and it is not moved', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const before = await tracesOf(deps, ada);
	const opened = openAccount(deps, anOpening({ ...ada, sessionId: eve.sessionId }));
	await expect(opened).rejects.toMatchObject({ code: 'not_signed_in' });
	expect(await tracesOf(deps, ada)).toEqual(before);
	expect(await sessionAccount(deps, eve)).toBeNull();
});
