import { statements } from '../../../schema/users';
import type { Deps } from '../deps';
import { AppError } from '../errors';

/**
 * Records what the studio asks its users to state about themselves (DD-41, DS-42), with the version of its text. Refused:
 * none, or another version than the one that is shown now.
 */
export function statementStatements(
	{ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { userId: string; textVersion: string | undefined },
) {
	const { statement } = studio;
	if (statement === null) return [];
	if (input.textVersion !== statement.textVersion) {
		throw new AppError('statement_required', `${statement.refusal} Confirm it first.`, {
			details: { textVersion: statement.textVersion },
		});
	}
	const id = `${input.userId}.${statement.kind}.${statement.textVersion}`;
	const row = { id, userId: input.userId, kind: statement.kind, textVersion: statement.textVersion };
	return [
		db
			.insert(statements)
			.values({ ...row, madeAtMs: now().getTime() })
			.onConflictDoNothing(),
	];
}
