import { readChoice } from '../choices/read-choices';
import type { Deps } from '../deps';
import type { ErrorReports, UnexpectedError } from '../gateways/sentry';
import { isPersonRestricted } from './require-unrestricted';

/**
 * Reports what nobody expected, with the person's number where they allow that (`error_reports`) and are not restricted (Art. 18); a
 * database that cannot say so has not said yes. At most two D1 statements.
 */
export async function reportUnexpected(
	deps: Pick<Deps, 'db'> & { errorReports: ErrorReports },
	{ userId, ...unexpected }: UnexpectedError,
): Promise<void> {
	const isNamed = userId !== null && (await mayBeNamed(deps, userId).catch(() => false));
	await deps.errorReports.report({ ...unexpected, userId: isNamed ? userId : null });
}

async function mayBeNamed(deps: Pick<Deps, 'db'>, userId: string): Promise<boolean> {
	if ((await readChoice(deps, { userId, purpose: 'error_reports' })) !== 'granted') return false;
	return !(await isPersonRestricted(deps, { userId }));
}
