import { and, asc, count, eq, isNull, notExists, sql } from 'drizzle-orm';

import { incidentNotices, incidents } from '../../../schema/incidents';
import { users } from '../../../schema/users';
import type { DataClass } from '../../../studios/policy/policy';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { AppError, lacks, notFound, violates } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { classesOf, WORDS_OF_INCIDENT, type IncidentRow, type IncidentWords } from './incident-view';
import { hasDataAsPerson, type Scope } from './whose-data';

/** Each is a batch and a mail; a request has a thousand calls and seconds. */
const PEOPLE_AT_ONCE = 25;

/**
 * Writes to the next of those affected, each once: the notice and the mail are one batch, and a second notice to the same person is no
 * row. Whether it reached them is known when the mail has ended (`noticeEndStatement`). Called again until `left` is 0; what broke off
 * is gone on with. Refused (`conflict`) until all its words are written.
 */
export async function tellAffected(
	deps: MailDeps,
	{ whence, incidentId }: { whence: Whence; incidentId: string },
): Promise<{ told: number; left: number }> {
	const { db } = deps;
	const [row] = await withD1Retry(() => db.select().from(incidents).where(eq(incidents.id, incidentId)));
	if (row === undefined) throw notFound('incident');
	const words = requireWords(row);
	const entry = { accountId: null, name: `${incidentId}:told`, action: 'incident.told', targetId: incidentId } as const;
	const record = await operatorStatement(deps, { whence, ...entry });
	await withD1Retry(() => record.statement.run());

	const scope: Scope = { dataClasses: classesOf(row), fromMs: row.fromMs, untilMs: row.untilMs };
	const people = await nextPeople(deps, row, scope);
	let told = 0;
	for (const person of people) if (await tell(deps, row, words, person)) told += 1;
	const left = await countLeft(deps, row, scope);
	if (left === 0) {
		const isFirst = and(eq(incidents.id, incidentId), isNull(incidents.toldAtMs));
		await withD1Retry(() => db.update(incidents).set({ toldAtMs: deps.now().getTime() }).where(isFirst));
	}
	return { told, left };
}

interface Person {
	userId: string;
	email: string;
	dataClasses: DataClass[];
}

async function nextPeople(deps: MailDeps, { id }: IncidentRow, scope: Scope): Promise<Person[]> {
	const u = sql`${users.id}`;
	// One digit a class, so that each reads what it was of theirs.
	const digits = scope.dataClasses.map((dataClass) => hasDataAsPerson({ ...scope, dataClasses: [dataClass] }, u));
	const rows = await withD1Retry(() =>
		deps.db
			.select({ userId: users.id, email: users.email, digits: sql<string>`${sql.join(digits, sql` || `)} || ''` })
			.from(users)
			.where(and(hasDataAsPerson(scope, u), isUntold(deps, id)))
			.orderBy(asc(users.id))
			.limit(PEOPLE_AT_ONCE),
	);
	return rows.map(({ userId, email, digits: found }) => {
		return { userId, email, dataClasses: scope.dataClasses.filter((_, index) => found.charAt(index) === '1') };
	});
}

async function countLeft(deps: MailDeps, { id }: IncidentRow, scope: Scope): Promise<number> {
	const isLeft = and(hasDataAsPerson(scope, sql`${users.id}`), isUntold(deps, id));
	const [row] = await withD1Retry(() => deps.db.select({ count: count() }).from(users).where(isLeft));
	return row?.count ?? 0;
}

function isUntold({ db }: Pick<MailDeps, 'db'>, incidentId: string) {
	const notice = db
		.select({ one: sql`1` })
		.from(incidentNotices)
		.where(and(eq(incidentNotices.incidentId, incidentId), eq(incidentNotices.userId, users.id)));
	return notExists(notice);
}

/** False when somebody else told them meanwhile, or they were erased. */
async function tell(deps: MailDeps, row: IncidentRow, words: IncidentWords, person: Person): Promise<boolean> {
	const { db, studio } = deps;
	const { mailId, statements } = await mailStatements(deps, {
		kind: 'incident',
		to: person.email,
		incidentId: row.id,
		...words,
		what: person.dataClasses.map((dataClass) => studio.policy.data[dataClass].title),
		fromMs: row.fromMs,
		untilMs: row.untilMs,
		contact: studio.policy.controller.email,
	});
	// Whoever was erased since they were listed is nobody, and then neither row is written.
	const userId = sql<string>`(select ${users.id} from ${users} where ${users.id} = ${person.userId})`;
	const notice = { incidentId: row.id, userId, toldAtMs: deps.now().getTime(), mailId };
	const rows = inOneBatch([db.insert(incidentNotices).values(notice), ...statements]);
	try {
		await withD1Retry(() => db.batch(rows));
	} catch (cause) {
		if (violates(cause, 'incident_notices') || lacks(cause, 'incident_notices.user_id')) return false;
		throw cause;
	}
	await tellMail(deps, mailId);
	return true;
}

function requireWords(row: IncidentRow): IncidentWords {
	const { happened, consequences, measures, advice } = row;
	if (happened !== null && consequences !== null && measures !== null && advice !== null) {
		return { happened, consequences, measures, advice };
	}
	const missing = WORDS_OF_INCIDENT.filter((name) => row[name] === null);
	throw new AppError(
		'conflict',
		`Nobody can be told yet: ${missing.join(', ')} is not written. Write it with incident describe.`,
	);
}
