import { and, eq, isNull, sql, type SQL } from 'drizzle-orm';
import type { RunnableQuery } from 'drizzle-orm/runnable-query';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

import { consents, subjects } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { openElements, sealElements } from '../consents/sealed-elements';
import { sealReference } from '../consents/subject-reference';
import type { AccessDeps, Database } from '../deps';
import { AppError } from '../errors';
import { openInput, sealInput } from '../renders/stored-input';
import { eachAtOnce } from './each-at-once';

type EarlierDeps = Pick<AccessDeps, 'db' | 'vault' | 'lookupKey'>;

/** Of each table in one go: a row with a key that is new costs the vault four calls, and an invocation has a thousand. */
export const SEALED_AT_ONCE_MAX = 50;

type Sealing = RunnableQuery<D1Result, 'sqlite'>;

/** A column of a row that nothing sealed: there is something in it, and it does not look sealed (`isSealed`). */
function isPlain(column: SQLiteColumn): SQL {
	return sql`(${column} is not null and (${column} not glob 'v1.*' or length(${column}) < 41))`;
}

const IS_PLAIN_SUBJECT = isNull(subjects.referenceHash);
const SEALED_COLUMNS = ['description', 'discloser', 'recipient', 'signerName', 'representativeAuthority'] as const;
const IS_PLAIN_CONSENT = sql`(${sql.join(
	SEALED_COLUMNS.map((element) => isPlain(consents[element])),
	sql` or `,
)})`;
const IS_PLAIN_RENDER = isPlain(renders.input);

/**
 * Seals rows that a version wrote which sealed nothing, some of each table at once. Repeating it goes on. What is written there
 * between reading and sealing, by an edit or by another that seals, stays as it is, and is not counted. Of somebody who was erased
 * nothing is sealed: rows of theirs are a restored database's, which `replayTombstones` erases.
 */
export async function sealEarlier(deps: EarlierDeps): Promise<{ sealed: number; left: number }> {
	const statements = [...(await sealSubjects(deps)), ...(await sealConsents(deps)), ...(await sealRenders(deps))];
	const [first, ...rest] = statements;
	const written = first === undefined ? [] : await deps.db.batch([first, ...rest]);
	const sealed = written.reduce((sum, { meta }) => sum + meta.changes, 0);
	return { sealed, left: await countUnsealed(deps) };
}

/** True while there stands what was read there. */
function isStill(column: SQLiteColumn, read: string | null): SQL {
	return sql`${column} is ${read}`;
}

/** How many rows still are as such a version wrote them. */
export async function countUnsealed({ db }: { db: Database }): Promise<number> {
	const [row] = await db.all<{ n: number }>(sql`select (select count(*) from ${subjects} where ${IS_PLAIN_SUBJECT})
		+ (select count(*) from ${consents} where ${IS_PLAIN_CONSENT})
		+ (select count(*) from ${renders} where ${IS_PLAIN_RENDER}) as n`);
	return row?.n ?? 0;
}

async function sealSubjects(deps: EarlierDeps): Promise<Sealing[]> {
	const { db } = deps;
	const { id, accountId, reference } = subjects;
	const rows = await db
		.select({ id, accountId, reference })
		.from(subjects)
		.where(IS_PLAIN_SUBJECT)
		.limit(SEALED_AT_ONCE_MAX);
	return unlessErased(rows, async (row) => {
		const sealed = await sealReference(deps, { ...row, subjectId: row.id });
		const isUnchanged = and(IS_PLAIN_SUBJECT, isStill(subjects.reference, row.reference));
		return [
			db
				.update(subjects)
				.set(sealed)
				.where(and(eq(subjects.id, row.id), isUnchanged)),
		];
	});
}

async function sealConsents(deps: EarlierDeps): Promise<Sealing[]> {
	const { db } = deps;
	const rows = await db.select().from(consents).where(IS_PLAIN_CONSENT).limit(SEALED_AT_ONCE_MAX);
	return unlessErased(rows, async (row) => {
		const { subjectId } = row;
		const elements = await openElements(deps, { subjectId, elements: row });
		const sealed = await sealElements(deps, { subjectId, elements });
		const isUnchanged = SEALED_COLUMNS.map((element) => isStill(consents[element], row[element]));
		return [
			db
				.update(consents)
				.set(sealed)
				.where(and(eq(consents.id, row.id), ...isUnchanged)),
		];
	});
}

async function sealRenders(deps: EarlierDeps): Promise<Sealing[]> {
	const { db } = deps;
	const { id, accountId, subjectId, input } = renders;
	const rows = await db
		.select({ id, accountId, subjectId, input })
		.from(renders)
		.where(IS_PLAIN_RENDER)
		.limit(SEALED_AT_ONCE_MAX);
	return unlessErased(rows, async (row) => {
		const opened = await openInput(deps, row);
		if (opened === null) return [];
		const sealed = await sealInput(deps, { ...row, input: opened });
		return [
			db
				.update(renders)
				.set({ input: sealed })
				.where(and(eq(renders.id, row.id), isStill(renders.input, row.input))),
		];
	});
}

/** What `seal` makes of each, in a list: a statement that comes out of a promise by itself would be run. */
async function unlessErased<Row>(rows: readonly Row[], seal: (row: Row) => Promise<Sealing[]>): Promise<Sealing[]> {
	const statements = await eachAtOnce(rows, async (row) => {
		try {
			return await seal(row);
		} catch (error) {
			if (error instanceof AppError && error.code === 'conflict') return [];
			throw error;
		}
	});
	return statements.flat();
}
