import { and, asc, count, eq, gt, isNull, lte, ne, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { subjects } from '../../../schema/consents';
import { incidentNotices, incidents } from '../../../schema/incidents';
import { memberships } from '../../../schema/memberships';
import { rightsRequests } from '../../../schema/rights';
import { tickets } from '../../../schema/support';
import { users } from '../../../schema/users';
import type { DataClass } from '../../../studios/policy/policy';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { classesOf } from './incident-view';
import type { NoticeEnd } from './notice-end';
import { countOfClass, hasDataAsAccount, hasDataAsPerson, hasDataAsSubject, type Scope } from './whose-data';

/** Looks within this time are one entry of the record (DD-16). */
const TRACE_MS = 3_600_000;
const ACCOUNTS_A_PAGE = 50;

export interface Affected {
	incidentId: string;
	/** With an account here, by which they can be told. */
	people: number;
	/** Rows of each class that were there: the approximate number of records of Art. 33(3)(a). */
	records: { dataClass: DataClass; records: number }[];
	/** Accounts that hold such data, with all subjects it is about. */
	accounts: { accountId: string; subjects: string[] }[];
	nextCursor: string | null;
	/** All conversations of people without an account: they are told by an answer in them. On the first page alone, as the next. */
	tickets: string[];
	/** All requests about rights of people without an account, while their address is there to write to. */
	requests: string[];
	/** Everybody whom no mail reached, with the accounts by which a letter or a call does. On the first page alone. */
	unreached: { userId: string; accounts: string[]; why: Exclude<NoticeEnd, 'taken'> }[];
}

type FindDeps = Pick<Deps, 'db' | 'now' | 'newId'>;

/**
 * Whom an incident affects: who had data of its classes at any time of its window, by the data map. Ids and counts, nobody's name
 * or address. Whoever was erased since has no data and no address here, and is not among them. That it was looked up stands in the
 * record, once an hour.
 */
export async function findAffected(
	deps: FindDeps,
	{ whence, incidentId, cursor }: { whence: Whence; incidentId: string; cursor?: string | undefined },
): Promise<Affected> {
	const { db } = deps;
	const scope = await scopeOf(deps, incidentId);
	const name = `incident.looked_up:${incidentId}:${Math.floor(deps.now().getTime() / TRACE_MS)}`;
	const entry = { accountId: null, name, action: 'incident.looked_up', targetId: incidentId } as const;
	const record = await operatorStatement(deps, { whence, ...entry });
	await withD1Retry(() => record.statement.run());

	const [people] = await db
		.select({ count: count() })
		.from(users)
		.where(hasDataAsPerson(scope, sql`${users.id}`));
	const page = await db
		.select({ id: accounts.id })
		.from(accounts)
		.where(
			and(cursor === undefined ? undefined : gt(accounts.id, cursor), hasDataAsAccount(scope, sql`${accounts.id}`)),
		)
		.orderBy(asc(accounts.id))
		.limit(ACCOUNTS_A_PAGE + 1);
	const shown = page.slice(0, ACCOUNTS_A_PAGE);
	return {
		incidentId,
		people: people?.count ?? 0,
		records: await countRecords(deps, scope),
		accounts: await withSubjects(deps, scope, shown),
		nextCursor: page.length > ACCOUNTS_A_PAGE ? (shown.at(-1)?.id ?? null) : null,
		tickets: cursor === undefined ? await strangersTickets(deps, scope) : [],
		requests: cursor === undefined ? await strangersRequests(deps, scope) : [],
		unreached: cursor === undefined ? await unreachedPeople(deps, incidentId) : [],
	};
}

/** What an incident is about; `not_found` where there is none. */
export async function scopeOf({ db }: Pick<Deps, 'db'>, incidentId: string): Promise<Scope> {
	const [row] = await withD1Retry(() => db.select().from(incidents).where(eq(incidents.id, incidentId)));
	if (row === undefined) throw notFound('incident');
	return { dataClasses: classesOf(row), fromMs: row.fromMs, untilMs: row.untilMs };
}

async function countRecords({ db }: FindDeps, scope: Scope): Promise<Affected['records']> {
	const records: Affected['records'] = [];
	for (const dataClass of scope.dataClasses) {
		const [row] = await db.select({ records: countOfClass(scope, dataClass) }).from(sql`(select 1)`);
		records.push({ dataClass, records: row?.records ?? 0 });
	}
	return records;
}

async function withSubjects(
	{ db }: FindDeps,
	scope: Scope,
	shown: readonly { id: string }[],
): Promise<Affected['accounts']> {
	const found: Affected['accounts'] = [];
	for (const { id: accountId } of shown) {
		const rows = await db
			.select({ id: subjects.id })
			.from(subjects)
			.where(and(eq(subjects.accountId, accountId), hasDataAsSubject(scope, sql`${subjects.id}`)))
			.orderBy(asc(subjects.id));
		found.push({ accountId, subjects: rows.map(({ id }) => id) });
	}
	return found;
}

async function strangersTickets({ db }: FindDeps, { dataClasses, untilMs }: Scope): Promise<string[]> {
	if (!dataClasses.includes('support')) return [];
	const rows = await db
		.select({ id: tickets.id })
		.from(tickets)
		.where(and(isNull(tickets.userId), lte(tickets.openedAtMs, untilMs)))
		.orderBy(asc(tickets.id));
	return rows.map(({ id }) => id);
}

async function strangersRequests({ db }: FindDeps, { dataClasses, untilMs }: Scope): Promise<string[]> {
	if (!dataClasses.includes('request')) return [];
	const rows = await db
		.select({ id: rightsRequests.id })
		.from(rightsRequests)
		.where(and(isNull(rightsRequests.userId), ne(rightsRequests.sealed, ''), lte(rightsRequests.receivedAtMs, untilMs)))
		.orderBy(asc(rightsRequests.id));
	return rows.map(({ id }) => id);
}

async function unreachedPeople({ db }: FindDeps, incidentId: string): Promise<Affected['unreached']> {
	const { userId, mailEnd } = incidentNotices;
	const rows = await withD1Retry(() =>
		db
			.select({ userId, mailEnd, accountId: memberships.accountId })
			.from(incidentNotices)
			.leftJoin(memberships, eq(memberships.userId, userId))
			.where(and(eq(incidentNotices.incidentId, incidentId), ne(mailEnd, 'taken')))
			.orderBy(asc(userId), asc(memberships.accountId)),
	);
	const found = new Map<string, Affected['unreached'][number]>();
	for (const { userId: person, mailEnd: why, accountId } of rows) {
		if (why === null || why === 'taken') continue;
		const known = found.get(person) ?? { userId: person, accounts: [], why };
		if (accountId !== null) known.accounts.push(accountId);
		found.set(person, known);
	}
	return [...found.values()];
}
