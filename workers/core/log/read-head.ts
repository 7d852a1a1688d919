import { desc, eq, inArray } from 'drizzle-orm';

import { logHeads } from '../../../schema/log';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { fromHeadRow, type SignedHead } from './log-head';
import { readRanges } from './log-nodes';
import { consistencyRanges, isConsistent } from './merkle';

/** The newest signed head of the log; `not_found` before the first receipt was signed for. */
export async function readNewestHead({ db }: Pick<Deps, 'db'>): Promise<SignedHead> {
	const [row] = await withD1Retry(() => db.select().from(logHeads).orderBy(desc(logHeads.treeSize)).limit(1));
	if (row === undefined) throw notFound('head of the log');
	return fromHeadRow(row);
}

/** The head that was signed for exactly `treeSize` receipts; most sizes have none. */
export async function readHead({ db }: Pick<Deps, 'db'>, { treeSize }: { treeSize: number }): Promise<SignedHead> {
	const [row] = await withD1Retry(() => db.select().from(logHeads).where(eq(logHeads.treeSize, treeSize)));
	if (row === undefined) throw notFound('head of the log');
	return fromHeadRow(row);
}

export interface Consistency {
	from: number;
	to: number;
	/** RFC 6962, 2.1.2. */
	hashes: string[];
}

/**
 * That the log of `to` receipts begins with the log of `from`: what was signed once was not rewritten (X1). Both sizes are those of
 * signed heads, so nobody learns a tree that was never published. Two statements.
 */
export async function readConsistency(
	{ db }: Pick<Deps, 'db'>,
	{ from, to }: { from: number; to: number },
): Promise<Consistency> {
	if (from > to) {
		throw new AppError('invalid_input', 'The log only grows: "from" is the smaller size and "to" the larger one.');
	}
	const heads = await withD1Retry(() =>
		db
			.select()
			.from(logHeads)
			.where(inArray(logHeads.treeSize, [from, to])),
	);
	const older = heads.find(({ treeSize }) => treeSize === from);
	const newer = heads.find(({ treeSize }) => treeSize === to);
	if (older === undefined || newer === undefined) throw notFound('head of the log');
	const hashes = await withD1Retry(() => readRanges(db, consistencyRanges(from, to)));
	const isRight = isConsistent({ size: from, root: older.rootHash }, { size: to, root: newer.rootHash }, hashes);
	if (!isRight) throw new Error(`the log of ${to} receipts does not begin with the one of ${from}`);
	return { from, to, hashes };
}
