import { and, asc, eq, isNull } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { subjects } from '../../../schema/consents';
import { fileStatements } from '../../../schema/provenance';
import { RESTRICTED_AT } from '../assets/read-asset';
import type { AccessDeps } from '../deps';
import { requireWithinLimits } from '../limits/require-within-limits';
import type { FileStatement } from './file-statement';
import { readStored } from './state-file';

/** Anybody may state something of a file that they have; the first ones say most. */
const STATEMENTS_MAX = 5;

/**
 * What was said of the file with this hash, for whoever has it; the oldest first. Whoever is restricted is not shown (Art. 18), which
 * looks as if nothing was said. Counted by network.
 */
export async function lookUpFile(
	deps: Pick<AccessDeps, 'db' | 'now' | 'studio' | 'lookupKey'>,
	{ fileHash, network }: { fileHash: string; network: string | null },
): Promise<FileStatement[]> {
	await requireWithinLimits(deps, [{ what: 'look', by: 'network', value: network }]);
	const rows = await deps.db
		.select({ statement: fileStatements.statement })
		.from(fileStatements)
		.innerJoin(accounts, eq(accounts.id, fileStatements.accountId))
		.leftJoin(subjects, eq(subjects.id, fileStatements.subjectId))
		.where(and(eq(fileStatements.fileHash, fileHash), isNull(RESTRICTED_AT)))
		.orderBy(asc(fileStatements.createdAtMs), asc(fileStatements.id))
		.limit(STATEMENTS_MAX);
	return rows.map(({ statement }) => readStored(statement));
}
