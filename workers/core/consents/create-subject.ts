import { and, eq, isNull, or } from 'drizzle-orm';

import { subjects } from '../../../schema/consents';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { AppError, lacks, violates } from '../errors';
import { destroyDataKey } from '../vault/data-key';
import { referenceHashOf, sealReference } from './subject-reference';

export interface Subject {
	id: string;
	reference: string;
	createdAt: string;
}

type SubjectDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'vault' | 'lookupKey'>;

/**
 * A subject under the practice's own reference (DD-07), sealed under a key of its own. The same reference again answers the same
 * subject, also when two ask at once. Refuses (`conflict`) a reference whose subject is being erased at the moment.
 */
export async function createSubject(deps: SubjectDeps, input: { actor: Actor; reference: string }): Promise<Subject> {
	const known = await findSubject(deps, input);
	if (known !== null) return known;
	const { reference } = input;
	const { accountId } = input.actor;
	const row = { id: deps.newId('subject'), accountId, createdAtMs: deps.now().getTime() };
	const sealed = await sealReference(deps, { subjectId: row.id, accountId, reference });
	try {
		await deps.db
			.insert(subjects)
			.values({ ...row, ...sealed, accountId: accountIdWhile(deps, input.actor, 'consents:write') });
	} catch (cause) {
		const isLost = violates(cause, 'subjects.reference_hash');
		const isRefused = lacks(cause, 'subjects.account_id');
		// Only where there is certainly no row: after another failure there may be one that needs its key.
		if (isLost || isRefused) await destroyDataKey(deps, row.id);
		if (isRefused) throw (await refusalOfStanding(deps, input.actor, 'consents:write')) ?? cause;
		const winner = isLost ? await findSubject(deps, input) : null;
		if (winner === null) throw cause;
		return winner;
	}
	return toSubject({ ...row, reference });
}

/** By its hash; by its words what a version wrote that sealed nothing. One statement, so that sealing it cannot come between. */
async function findSubject(
	deps: Pick<SubjectDeps, 'db' | 'lookupKey'>,
	{ actor: { accountId }, reference }: { actor: Actor; reference: string },
): Promise<Subject | null> {
	const referenceHash = await referenceHashOf(deps, { accountId, reference });
	const isEarlier = and(
		eq(subjects.accountId, accountId),
		isNull(subjects.referenceHash),
		eq(subjects.reference, reference),
	);
	const [found] = await deps.db
		.select({ id: subjects.id, createdAtMs: subjects.createdAtMs, erasedAtMs: subjects.erasedAtMs })
		.from(subjects)
		.where(or(eq(subjects.referenceHash, referenceHash), isEarlier));
	if (found === undefined) return null;
	if (found.erasedAtMs !== null) {
		throw new AppError(
			'conflict',
			'The patient of this reference is being erased at this moment. Use it again when that is done.',
		);
	}
	return toSubject({ ...found, reference });
}

function toSubject(row: { id: string; reference: string; createdAtMs: number }): Subject {
	return { id: row.id, reference: row.reference, createdAt: new Date(row.createdAtMs).toISOString() };
}
