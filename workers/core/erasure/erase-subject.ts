import { and, eq } from 'drizzle-orm';

import { subjects } from '../../../schema/consents';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import { lacks, notFound } from '../errors';
import { requestErasure, type RequestDeps, type RequestedErasure } from './request-erasure';

/**
 * Erases a patient, for whoever may delete what was made of them: photos, pictures, videos, consents, reference and orders, here and at
 * processors. Repeating it answers the same. Somebody else's is not found.
 */
export async function eraseSubject(
	deps: RequestDeps,
	input: { actor: Actor; whence: Whence; subjectId: string },
): Promise<RequestedErasure> {
	const { actor, whence, subjectId } = input;
	const { accountId } = actor;
	const [subject] = await deps.db
		.select({ id: subjects.id })
		.from(subjects)
		.where(and(eq(subjects.id, subjectId), eq(subjects.accountId, accountId)));
	if (subject === undefined) throw notFound('patient');
	try {
		return await requestErasure(
			deps,
			{ kind: 'subject', targetId: subjectId, accountId },
			{
				holds: hasStanding(deps, actor, 'assets:delete'),
				around: () => {
					const entry = auditStatement(deps, { actor, whence }, { action: 'subject.erased', targetId: subjectId });
					return Promise.resolve({ doneMail: null, statements: [entry] });
				},
			},
		);
	} catch (cause) {
		if (!lacks(cause, 'erasures.target_id')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'assets:delete')) ?? cause;
	}
}
