import { and, eq } from 'drizzle-orm';

import { fileStatements } from '../../../schema/provenance';
import type { AssetKind } from '../../../studios/studio';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { inOneBatch } from '../credits/post-entry';
import { lacks, violates } from '../errors';
import { type Limit, limitStatements } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { canonicalJson } from '../receipts/canonical-json';
import { FileStatement, signStatement, type StatementBody } from './file-statement';
import { importStatementKey, type ProvenanceDeps } from './provenance-keys';
import { readFileFacts } from './read-file-facts';

export interface ExportedFile {
	actor: Actor;
	renderId: string;
	kind: AssetKind;
	/** SHA-256, hex. */
	fileHash: string;
	contentType: StatementBody['contentType'];
	byteLength: number;
}

/**
 * Says of an exported file what it is, signs that and keeps it, found again by the file's hash (N12). Stated again by the same account
 * it answers what was stated first. That the file shows this order is the word of whoever exports it: its bytes never come here.
 * Refuses as `readFileFacts` does, and over the account's rate; nothing is kept then.
 */
export async function stateFile(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault' | 'lookupKey'> &
		Pick<ProvenanceDeps, 'statementKey'>,
	file: ExportedFile,
): Promise<FileStatement> {
	const { actor, renderId, kind, fileHash, contentType, byteLength } = file;
	const { facts, subjectId } = await readFileFacts(deps, { actor, renderId, kind });
	const known = await readOwn(deps, { accountId: actor.accountId, fileHash });
	if (known !== null) return known;
	const createdAt = deps.now();
	const statementId = deps.newId('fileStatement');
	const statement = await signStatement(await importStatementKey(deps), {
		...facts,
		statementId,
		fileHash,
		contentType,
		byteLength,
		statedAt: createdAt.toISOString(),
	});
	const limits: Limit[] = [{ what: 'provenance', by: 'account', value: actor.accountId }];
	const row = {
		id: statementId,
		accountId: accountIdWhile(deps, actor, 'assets:read'),
		subjectId,
		renderId,
		fileHash,
		statement: canonicalJson(statement),
		createdBy: actor.userId,
		createdAtMs: createdAt.getTime(),
	};
	try {
		await deps.db.batch(inOneBatch([...limitStatements(deps, limits), deps.db.insert(fileStatements).values(row)]));
		return statement;
	} catch (cause) {
		if (lacks(cause, 'file_statements.account_id')) {
			throw (await refusalOfStanding(deps, actor, 'assets:read')) ?? cause;
		}
		const overLimit = await refusalOfLimit(deps, cause, limits);
		if (overLimit !== null) throw overLimit;
		// Two tabs exported it at once: the first one's stands.
		const first = violates(cause, 'file_statements')
			? await readOwn(deps, { accountId: actor.accountId, fileHash })
			: null;
		if (first === null) throw cause;
		return first;
	}
}

async function readOwn(
	{ db }: Pick<AccessDeps, 'db'>,
	{ accountId, fileHash }: { accountId: string; fileHash: string },
): Promise<FileStatement | null> {
	const [row] = await db
		.select({ statement: fileStatements.statement })
		.from(fileStatements)
		.where(and(eq(fileStatements.accountId, accountId), eq(fileStatements.fileHash, fileHash)));
	return row === undefined ? null : readStored(row.statement);
}

/** The row's text as what was signed. One that no longer parses is damage, so it throws. */
export function readStored(text: string): FileStatement {
	return FileStatement.parse(JSON.parse(text));
}
