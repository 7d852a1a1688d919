import { auditEntries } from '../../../schema/audit';
import type { Whence } from '../actor';
import { toAuditRow, type AuditFacts } from '../audit/audit-statement';
import type { Deps } from '../deps';

/** About a person alone, who may read it: a password, a second factor, a session. For the batch of what it tells of. */
export function personalAuditStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	who: { userId: string; whence: Whence },
	entry: AuditFacts,
) {
	// Which session it was says nothing later; only a key's use is told apart from a person's.
	const actor = { userId: who.userId, accountId: null, via: { kind: 'session', sessionId: '' } } as const;
	return deps.db.insert(auditEntries).values(toAuditRow(deps, { actor, whence: who.whence }, entry));
}
