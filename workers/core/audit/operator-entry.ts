import { sql, type SQL } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import type { Whence } from '../actor';
import type { Deps } from '../deps';
import { toAuditRow, type AuditFacts } from './audit-statement';

/** Who runs the studio, as the record names them: no user, and one key for all of them. */
export const OPERATOR = { id: 'operator', name: 'Support' } as const;

export interface OperatorEntry extends AuditFacts {
	/** The account whose owner may read it; null: it is about all of them. */
	accountId: string | null;
	/** Of what is repeated under one name: the same name is one entry. */
	name?: string;
}

/**
 * What the operator did, for the batch that does it. With a name the entry's id follows from it, and another of that name changes
 * nothing: a command that is sent again after a lost answer leaves one entry.
 */
export async function operatorStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ whence, accountId, name, ...entry }: OperatorEntry & { whence: Whence },
) {
	const id = name === undefined ? undefined : await entryIdOf(name);
	const row = toAuditRow(deps, { actor: { userId: OPERATOR.id, accountId }, whence }, entry);
	return {
		statement: deps.db
			.insert(auditEntries)
			.values({ ...row, ...(id === undefined ? {} : { id }) })
			.onConflictDoNothing(),
	};
}

/**
 * The same as a gate: unless `holds` is true when it runs, the row has no author, and the whole batch fails (`isGateShut`). It stands
 * first, so that `holds` sees what the rest of the batch finds.
 */
export function operatorGateStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ whence, accountId, ...entry }: Omit<OperatorEntry, 'name'> & { whence: Whence },
	holds: SQL,
) {
	const row = toAuditRow(deps, { actor: { userId: OPERATOR.id, accountId }, whence }, entry);
	return deps.db.insert(auditEntries).values({ ...row, userId: sql<string>`(select ${OPERATOR.id} where ${holds})` });
}

const ID_LENGTH = 26;

/** As long as a random one: 104 bits of a hash. */
export async function entryIdOf(name: string): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`operator ${name}`));
	return `aud_${Buffer.from(digest).toString('hex').slice(0, ID_LENGTH)}`;
}
