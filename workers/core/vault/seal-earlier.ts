import { eq, isNull, sql, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

import { consents, subjects } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { openElements, sealElements } from '../consents/sealed-elements';
import { sealReference } from '../consents/subject-reference';
import { inOneBatch } from '../credits/post-entry';
import type { AccessDeps, Database } from '../deps';
import { AppError } from '../errors';
import { openInput, sealInput } from '../renders/stored-input';
import { eachAtOnce } from './each-at-once';

type EarlierDeps = Pick<AccessDeps, 'db' | 'vault' | 'lookupKey'>;

/** Of each table in one go: a row with a key that is new costs the vault four calls, and an invocation has a thousand. */
export const SEALED_AT_ONCE_MAX = 50;

/** A column of a row that nothing sealed: there is something in it, and it does not look sealed (`isSealed`). */
function isPlain(column: SQLiteColumn): SQL {
	return sql`(${column} is not null and (${column} not glob 'v1.*' or length(${column}) < 41))`;
}

const IS_PLAIN_SUBJECT = isNull(subjects.referenceHash);
const IS_PLAIN_CONSENT = sql`(${sql.join(
	[
		consents.description,
		consents.discloser,
		consents.recipient,
		consents.signerName,
		consents.representativeAuthority,
	].map(isPlain),
	sql` or `,
)})`;
const IS_PLAIN_RENDER = isPlain(renders.input);

/**
 * Seals rows that a version wrote which sealed nothing, some of each table at once. Repeating it goes on; two at once seal the same
 * words twice, and the one that is written later counts. Of somebody who was erased nothing is sealed: rows of theirs are
 * a restored database's, which `replayTombstones` erases.
 */
export async function sealEarlier(deps: EarlierDeps): Promise<{ sealed: number; left: number }> {
	const statements = [...(await sealSubjects(deps)), ...(await sealConsents(deps)), ...(await sealRenders(deps))];
	if (statements.length > 0) await deps.db.batch(inOneBatch(statements));
	return { sealed: statements.length, left: await countUnsealed(deps) };
}

/** How many rows still are as such a version wrote them. */
export async function countUnsealed({ db }: { db: Database }): Promise<number> {
	const [row] = await db.all<{ n: number }>(sql`select (select count(*) from ${subjects} where ${IS_PLAIN_SUBJECT})
		+ (select count(*) from ${consents} where ${IS_PLAIN_CONSENT})
		+ (select count(*) from ${renders} where ${IS_PLAIN_RENDER}) as n`);
	return row?.n ?? 0;
}

async function sealSubjects(deps: EarlierDeps): Promise<BatchItem<'sqlite'>[]> {
	const { db } = deps;
	const { id, accountId, reference } = subjects;
	const rows = await db
		.select({ id, accountId, reference })
		.from(subjects)
		.where(IS_PLAIN_SUBJECT)
		.limit(SEALED_AT_ONCE_MAX);
	return unlessErased(rows, async (row) => {
		const sealed = await sealReference(deps, { ...row, subjectId: row.id });
		return [db.update(subjects).set(sealed).where(eq(subjects.id, row.id))];
	});
}

async function sealConsents(deps: EarlierDeps): Promise<BatchItem<'sqlite'>[]> {
	const { db } = deps;
	const rows = await db.select().from(consents).where(IS_PLAIN_CONSENT).limit(SEALED_AT_ONCE_MAX);
	return unlessErased(rows, async (row) => {
		const { subjectId } = row;
		const elements = await openElements(deps, { subjectId, elements: row });
		const sealed = await sealElements(deps, { subjectId, elements });
		return [db.update(consents).set(sealed).where(eq(consents.id, row.id))];
	});
}

async function sealRenders(deps: EarlierDeps): Promise<BatchItem<'sqlite'>[]> {
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
		return [db.update(renders).set({ input: sealed }).where(eq(renders.id, row.id))];
	});
}

/** What `seal` makes of each, in a list: a statement that comes out of a promise by itself would be run. */
async function unlessErased<Row>(
	rows: readonly Row[],
	seal: (row: Row) => Promise<BatchItem<'sqlite'>[]>,
): Promise<BatchItem<'sqlite'>[]> {
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
