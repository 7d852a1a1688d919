import { eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { hasStanding, refusalOfStanding } from './standing';

/** What is left out stays; an empty text removes what was there, except the name. */
export interface ProfileChange {
	name?: string | undefined;
	phone?: string | undefined;
	website?: string | undefined;
	address?: string | undefined;
}

/** Changes the account's profile. What is said already changes nothing and leaves no audit entry. */
export async function changeAccount(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; change: ProfileChange },
): Promise<void> {
	const { db } = deps;
	const { actor, whence } = input;
	const isAccount = eq(accounts.id, actor.accountId);
	const [stored] = await db.select().from(accounts).where(isAccount);
	if (stored === undefined) throw notFound('account');

	const set = differing(stored, input.change);
	const fields = Object.keys(set);
	if (fields.length === 0) return;
	const entry = { action: 'account.changed', facts: { fields: fields.join(', ') } } as const;
	try {
		await db.batch([
			auditGateStatement(deps, { actor, whence }, entry, hasStanding(deps, actor, 'account:write')),
			db.update(accounts).set(set).where(isAccount),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await refusalOfStanding(deps, actor, 'account:write')) ?? cause;
	}
}

function differing(stored: typeof accounts.$inferSelect, change: ProfileChange) {
	const { name, phone, website, address } = change;
	return {
		...(name === undefined || name === stored.name ? {} : { name }),
		...(phone === undefined || orNull(phone) === stored.phone ? {} : { phone: orNull(phone) }),
		...(website === undefined || orNull(website) === stored.website ? {} : { website: orNull(website) }),
		...(address === undefined || orNull(address) === stored.address ? {} : { address: orNull(address) }),
	};
}

function orNull(text: string): string | null {
	return text === '' ? null : text;
}
