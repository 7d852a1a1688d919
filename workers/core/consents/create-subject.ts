import { and, eq } from 'drizzle-orm';

import { subjects } from '../../../schema/consents';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { lacks, violates } from '../errors';

export interface Subject {
	id: string;
	reference: string;
	createdAt: string;
}

/** A subject under the practice's own reference (DD-07). The same reference again answers the same subject. */
export async function createSubject(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; reference: string },
): Promise<Subject> {
	const { db } = deps;
	const row = {
		id: deps.newId('subject'),
		accountId: input.actor.accountId,
		reference: input.reference,
		createdAtMs: deps.now().getTime(),
	};
	try {
		await db.insert(subjects).values({ ...row, accountId: accountIdWhile(deps, input.actor, 'consents:write') });
		return toSubject(row);
	} catch (cause) {
		if (lacks(cause, 'subjects.account_id')) {
			throw (await refusalOfStanding(deps, input.actor, 'consents:write')) ?? cause;
		}
		if (!violates(cause, 'subjects.account_id')) throw cause;
	}
	const [existing] = await db
		.select()
		.from(subjects)
		.where(and(eq(subjects.accountId, row.accountId), eq(subjects.reference, row.reference)));
	return toSubject(existing ?? row);
}

function toSubject(row: { id: string; reference: string; createdAtMs: number }): Subject {
	return { id: row.id, reference: row.reference, createdAt: new Date(row.createdAtMs).toISOString() };
}
