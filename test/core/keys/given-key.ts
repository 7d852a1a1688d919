import { asc, eq } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { auditEntries } from '../../../schema/audit';
import { PERMISSIONS } from '../../../studios/roles';
import type { Actor, Whence } from '../../../workers/core/actor';
import type { Deps } from '../../../workers/core/deps';
import type { makeKey } from '../../../workers/core/keys/make-key';

type KeyOrder = Parameters<typeof makeKey>[1];

export const WHENCE: Whence = { network: '203.0.113.0/24', country: 'DE', browser: 'Firefox on Linux' };

/** A key that reads the balance, for 90 days, ordered by somebody who may do anything. */
export function keyOrder(actor: Actor, changed: Partial<KeyOrder> = {}): KeyOrder {
	return {
		actor,
		may: new Set(PERMISSIONS),
		maker: { name: 'Ada', email: 'ada@practice.test' },
		accountName: 'Practice',
		whence: WHENCE,
		name: 'Program',
		scopes: ['credits:read'],
		expiresInDays: 90,
		...changed,
	};
}

/** Every stored row about an account's keys. */
export async function keyRowsOf({ db }: Pick<Deps, 'db'>, accountId: string) {
	const [keys, audit] = await Promise.all([
		db.select().from(apiKeys).where(eq(apiKeys.accountId, accountId)).orderBy(asc(apiKeys.id)),
		db.select().from(auditEntries).where(eq(auditEntries.accountId, accountId)).orderBy(asc(auditEntries.id)),
	]);
	return { keys, audit };
}
