import { sql, type SQL } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import type { Whence } from '../actor';
import { toAuditRow, type AuditFacts } from '../audit/audit-statement';
import type { Deps } from '../deps';

type AuditDeps = Pick<Deps, 'db' | 'now' | 'newId'>;

interface Who {
	userId: string;
	whence: Whence;
}

/**
 * About a person alone, who may read it: a password, a session. For the batch of what it tells of, as its gate, which fails it
 * unless `holds` (`isGateShut`).
 */
export function personalGateStatement(deps: AuditDeps, who: Who, entry: AuditFacts, holds: SQL) {
	const row = rowOf(deps, who, entry);
	return deps.db.insert(auditEntries).values({ ...row, userId: sql<string>`(select ${who.userId} where ${holds})` });
}

function rowOf(deps: AuditDeps, { userId, whence }: Who, entry: AuditFacts) {
	// Which session it was says nothing later; only a key's use is told apart from a person's.
	const actor = { userId, accountId: null, via: { kind: 'session', sessionId: '' } } as const;
	return toAuditRow(deps, { actor, whence }, entry);
}
