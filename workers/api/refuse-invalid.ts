import type { ZodError } from 'zod';

import { AppError } from '../core/errors';

/** What does not parse is refused by the first sentence that says why, with the fields named. */
export function refuseInvalid(result: { success: true } | { success: false; error: ZodError }): void {
	if (result.success) return;
	const [first] = result.error.issues;
	const fields = [...new Set(result.error.issues.map((issue) => issue.path.join('.')))].filter((field) => field !== '');
	const where = fields[0] === undefined ? '' : `${fields[0]}: `;
	throw new AppError('invalid_input', `${where}${first?.message ?? 'This is not what was asked for.'}`, {
		details: { fields },
	});
}
