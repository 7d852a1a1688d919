import { and, eq, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import type { Jurisdiction } from '../../../studios/publish-rules';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { hasStanding, refusalOfStanding } from './standing';

/**
 * Says where the account advertises, whose rules decide from then on what may be published (N3), with an audit entry of what it was
 * before. Saying the same again changes nothing and leaves no entry; saying for the first time what was assumed is a choice, and does.
 */
export async function setJurisdiction(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; jurisdiction: Jurisdiction },
): Promise<void> {
	const { db } = deps;
	const { actor, whence, jurisdiction } = input;
	const isAccount = eq(accounts.id, actor.accountId);
	const [stored] = await db.select({ was: accounts.jurisdiction }).from(accounts).where(isAccount);
	const was = stored?.was ?? null;
	const differs = and(isAccount, sql`${accounts.jurisdiction} is not ${jurisdiction}`);
	const entry = { action: 'jurisdiction.changed', facts: { from: was ?? 'not said', to: jurisdiction } } as const;
	const standing = hasStanding(deps, actor, 'account:write');
	const isNew = sql`exists ${db
		.select({ one: sql`1` })
		.from(accounts)
		.where(differs)}`;
	try {
		await db.batch([
			auditGateStatement(deps, { actor, whence }, entry, sql`${standing} and ${isNew}`),
			db.update(accounts).set({ jurisdiction }).where(differs),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		const refusal = await refusalOfStanding(deps, actor, 'account:write');
		if (refusal !== null) throw refusal;
	}
}
