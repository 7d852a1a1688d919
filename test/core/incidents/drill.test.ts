import { desc, eq, inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { subjects } from '../../../schema/consents';
import { DATA_MAP, wordsOf } from '../../../schema/data-map/data-map';
import { memberships } from '../../../schema/memberships';
import { rightsRequests } from '../../../schema/rights';
import { tickets } from '../../../schema/support';
import { uploads } from '../../../schema/uploads';
import { users } from '../../../schema/users';
import { DATA_CLASSES } from '../../../studios/policy/policy';
import { findAffected } from '../../../workers/core/incidents/find-affected';
import { readIncident } from '../../../workers/core/incidents/incident-view';
import { tellAffected } from '../../../workers/core/incidents/tell-affected';
import { presenceOf } from '../../../workers/core/incidents/whose-data';
import { newId } from '../../../workers/core/ids';
import { openRequest } from '../../../workers/core/rights/open-request';
import { freshDeps, START, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount, givenMember } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { renderWorld } from '../../support/render-world';
import { WHENCE } from '../operations/given-operator';
import { givenTicket } from '../support/given-ticket';
import { givenIncident, noticesOf, toldOf } from './given-incident';

const HOUR_MS = 3_600_000;
const WINDOW = { fromMs: START.getTime() - 10 * HOUR_MS, untilMs: START.getTime() - 5 * HOUR_MS };

/** So many hours after the window began. */
function at(hours: number): number {
	return WINDOW.fromMs + hours * HOUR_MS;
}

/** A practice whose photo was there for these hours after the window began; `null`: it is there still. */
async function givenPhoto(deps: TestDeps, hours: readonly [came: number, left: number | null]) {
	const owner = await givenAccount(deps);
	const { accountId } = owner;
	const subjectId = newId('subject');
	const [came, left] = hours;
	await deps.db
		.insert(subjects)
		.values({ id: subjectId, accountId, reference: `sealed ${subjectId}`, createdAtMs: at(came) });
	await deps.db.insert(uploads).values({
		id: newId('upload'),
		accountId,
		subjectId,
		kind: 'source',
		state: left === null ? 'ready' : 'deleted',
		objectKey: `src/${accountId}/${subjectId}`,
		contentType: 'image/jpeg',
		declaredBytes: 1,
		createdAtMs: at(came),
		putExpiresAtMs: at(came),
		deleteAtMs: at(left ?? 100),
		deletedAtMs: left === null ? null : at(left),
		deleteClock: 'creation',
		receiptId: newId('receipt'),
	});
	return { ...owner, subjectId };
}

/** The people of these accounts alone: other tests share the database. */
function amongst(deps: TestDeps, mine: readonly { accountId: string }[]) {
	const ids = mine.map(({ accountId }) => accountId);
	return {
		accounts: async (incidentId: string) => {
			const found: { accountId: string; subjects: string[] }[] = [];
			let cursor: string | undefined;
			do {
				const page = await findAffected(deps, { whence: WHENCE, incidentId, cursor });
				found.push(...page.accounts.filter(({ accountId }) => ids.includes(accountId)));
				cursor = page.nextCursor ?? undefined;
			} while (cursor !== undefined);
			return found;
		},
	};
}

test('whom a breach of photos affects is who had one in its window, to the millisecond of both ends', async () => {
	const deps = freshDeps();
	const before = await givenPhoto(deps, [-3, -1 / HOUR_MS]);
	const touching = await givenPhoto(deps, [-3, 0]);
	const inside = await givenPhoto(deps, [1, 2]);
	const atTheEnd = await givenPhoto(deps, [5, null]);
	const after = await givenPhoto(deps, [5 + 1 / HOUR_MS, null]);
	const always = await givenPhoto(deps, [-100, null]);
	const all = [before, touching, inside, atTheEnd, after, always];
	const affected = [touching, inside, atTheEnd, always];
	const colleague = await givenMember(deps, { accountId: inside.accountId, role: 'staff' });
	const incidentId = await givenIncident(deps, { dataClasses: ['source'], ...WINDOW });

	const found = await amongst(deps, all).accounts(incidentId);
	expect(found).toEqual(
		affected
			.map(({ accountId, subjectId }) => ({ accountId, subjects: [subjectId] }))
			.toSorted((one, two) => (one.accountId < two.accountId ? -1 : 1)),
	);
	while ((await tellAffected(deps, { whence: WHENCE, incidentId })).left > 0);
	const told = await toldOf(deps, incidentId);
	const people = [...all, colleague].map(({ userId }) => userId);
	expect(told.filter((userId) => people.includes(userId))).toEqual(affected.map(({ userId }) => userId).toSorted());
	const { people: count, records } = await findAffected(deps, { whence: WHENCE, incidentId });
	expect(count).toBe(told.length);
	expect(records).toEqual([{ dataClass: 'source', records: expect.any(Number) }]);
});

test('each is told once, of what was theirs, however often it breaks off and is begun again', async () => {
	const deps = freshDeps();
	const practices = await Promise.all(Array.from({ length: 12 }, () => givenPhoto(deps, [1, null])));
	const incidentId = await givenIncident(deps, {
		dataClasses: ['source', 'account'],
		...WINDOW,
		untilMs: START.getTime(),
	});
	const step = { whence: WHENCE, incidentId };
	let writes = 0;
	const lost = faultyD1(
		deps.d1,
		(call) => {
			if (!/insert into "incident_notices"/i.test(call.sql[0]!)) return null;
			writes += 1;
			return writes % 3 === 0 ? 'after' : writes % 3 === 1 ? 'before' : null;
		},
		() => (writes % 2 === 0 ? OBJECT_RESET : CONNECTION_LOST),
	);
	const shaky = { ...deps, db: drizzle(lost.db) };
	for (let tries = 0; tries < 200; tries += 1) {
		const both = await Promise.allSettled([tellAffected(shaky, step), tellAffected(deps, step)]);
		if (both.some((each) => each.status === 'fulfilled' && each.value.left === 0)) break;
	}
	expect(lost.happened.before + lost.happened.after).toBeGreaterThan(0);
	expect(await tellAffected(deps, step)).toEqual({ told: 0, left: 0 });

	const told = await toldOf(deps, incidentId);
	const mailed = await noticesOf(deps, incidentId);
	expect(mailed).toHaveLength(told.length);
	const addresses = await deps.db
		.select({ email: users.email })
		.from(users)
		.where(
			inArray(
				users.id,
				practices.map(({ userId }) => userId),
			),
		);
	for (const { email } of addresses) {
		expect(mailed.filter(({ to }) => to === email)).toEqual([
			{ to: email, what: ['Photos you upload', 'Your account'] },
		]);
	}
	expect(await readIncident(deps, { incidentId })).toMatchObject({
		told: 0,
		underWay: told.length,
		toldAt: expect.any(String),
	});
});

test('whoever is erased between being found and being told gets no mail, and no row says they did', async () => {
	const deps = freshDeps();
	const gone = await givenPhoto(deps, [1, null]);
	const incidentId = await givenIncident(deps, { dataClasses: ['source'], ...WINDOW });
	const [person] = await deps.db.select({ email: users.email }).from(users).where(eq(users.id, gone.userId));
	let hasErased = false;
	const racing = interceptD1(deps.d1, async (call, run) => {
		if (/insert into "incident_notices"/i.test(call.sql[0]!) && !hasErased) {
			hasErased = true;
			await deps.db.delete(memberships).where(eq(memberships.userId, gone.userId));
			await deps.db.delete(users).where(eq(users.id, gone.userId));
		}
		return run();
	});
	while ((await tellAffected({ ...deps, db: drizzle(racing) }, { whence: WHENCE, incidentId })).left > 0);
	expect(hasErased).toBe(true);
	expect(await toldOf(deps, incidentId)).not.toContain(gone.userId);
	expect((await noticesOf(deps, incidentId)).map(({ to }) => to)).not.toContain(person?.email);
});

test('conversations of people without an account are named, to be answered there', async () => {
	const deps = freshDeps();
	const { ticketId } = await givenTicket(deps);
	const incidentId = await givenIncident(deps, { dataClasses: ['support'], untilMs: deps.now().getTime() });
	expect((await findAffected(deps, { whence: WHENCE, incidentId })).tickets).toContain(ticketId);
	const other = await givenIncident(deps, { dataClasses: ['account'], untilMs: deps.now().getTime() });
	expect((await findAffected(deps, { whence: WHENCE, incidentId: other })).tickets).toEqual([]);
});

test('requests of people without an account are named, while somebody can still be told by them', async () => {
	const deps = await renderWorld();
	const email = `${crypto.randomUUID()}@patient.test`;
	const form = { right: 'access', name: 'Mara', who: 'a patient', words: 'All of it', email, network: null } as const;
	await openRequest(deps, form);
	const [row] = await deps.db.select().from(rightsRequests).orderBy(desc(rightsRequests.id));
	const window = { untilMs: deps.now().getTime() };
	const incidentId = await givenIncident(deps, { dataClasses: ['request'], ...window });
	const found = () => findAffected(deps, { whence: WHENCE, incidentId });
	expect((await found()).requests).toContain(row?.id);
	const other = await givenIncident(deps, { dataClasses: ['support'], ...window });
	expect((await findAffected(deps, { whence: WHENCE, incidentId: other })).requests).toEqual([]);
	await deps.db
		.update(rightsRequests)
		.set({ state: 'lapsed', sealed: '', endedAtMs: 1 })
		.where(eq(rightsRequests.id, row!.id));
	expect((await found()).requests).not.toContain(row?.id);
});

test('a practice with more patients than a page has, and more conversations than one, are named whole', async () => {
	const deps = freshDeps();
	const { accountId } = await givenPhoto(deps, [0, null]);
	const rows = Array.from({ length: 600 }, () => ({
		id: newId('subject'),
		accountId,
		reference: crypto.randomUUID(),
		createdAtMs: at(0),
	}));
	for (let from = 0; from < rows.length; from += 20) await deps.db.insert(subjects).values(rows.slice(from, from + 20));
	const strangers = Array.from({ length: 240 }, () => ({
		id: newId('ticket'),
		sealed: 'x',
		addressHash: 'x',
		tokenHash: crypto.randomUUID(),
		state: 'waiting' as const,
		openedAtMs: at(0),
		changedAtMs: at(0),
	}));
	for (let from = 0; from < strangers.length; from += 12)
		await deps.db.insert(tickets).values(strangers.slice(from, from + 12));
	const incidentId = await givenIncident(deps, { ...WINDOW, dataClasses: ['subject', 'support'] });
	const [mine] = await amongst(deps, [{ accountId }]).accounts(incidentId);
	expect(mine?.subjects).toHaveLength(601);
	const found = await findAffected(deps, { whence: WHENCE, incidentId });
	expect(found.tickets).toEqual(expect.arrayContaining(strangers.map(({ id }) => id)));
});

test('the question can be put for every class of the policy at once', async () => {
	const deps = freshDeps();
	const { accountId, userId } = await givenAccount(deps);
	const incidentId = await givenIncident(deps, { dataClasses: DATA_CLASSES, untilMs: deps.now().getTime() });
	const found = await amongst(deps, [{ accountId }]).accounts(incidentId);
	expect(found).toEqual([{ accountId, subjects: [] }]);
	while ((await tellAffected(deps, { whence: WHENCE, incidentId })).left > 0);
	expect(await toldOf(deps, incidentId)).toContain(userId);
});

/** Nothing says since when these rows were there; whoever has one counts as affected. */
const WITHOUT_BEGINNING = ['billing_customers', 'credit_accounts', 'credit_parts', 'credit_seals', 'second_factors'];

test('every table of the data map whose rows are somebody’s says since when they are there, or is named here', () => {
	const owned = Object.entries(DATA_MAP).filter(([, { of }]) => Object.keys(of).length > 0);
	expect(owned.length).toBeGreaterThan(25);
	for (const [name, table] of owned) {
		const { begins, ends } = presenceOf(table);
		const times = wordsOf(table.columns.time);
		expect(times).toEqual(expect.arrayContaining([begins, ends].filter((column) => column !== null)));
		if (name === 'erasure_legs') continue;
		expect([name, begins === null]).toEqual([name, WITHOUT_BEGINNING.includes(name)]);
	}
});
