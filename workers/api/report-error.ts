import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

import { readChoice } from '../core/choices/read-choices';
import { afterwards } from './bearer';
import type { ApiEnv } from './bindings';

/** Reports what nobody expected, after the answer, where errors are reported at all. A failing configuration has no `deps`. */
export async function reportError(c: Context<ApiEnv>, error: unknown): Promise<void> {
	if (c.var.deps?.errorReports == null) return;
	await afterwards(c, report(c, error));
}

/** With the person's number if they allow that; a database that cannot say whether they do has not said yes. */
async function report(c: Context<ApiEnv>, error: unknown): Promise<void> {
	const { deps, person, caller } = c.var;
	const userId = person?.userId ?? caller?.actor.userId ?? null;
	const isAllowed =
		userId !== null && (await readChoice(deps, { userId, purpose: 'error_reports' }).catch(() => null)) === 'granted';
	const pattern = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'no route';
	await deps.errorReports?.report({ error, where: `${c.req.method} ${pattern}`, userId: isAllowed ? userId : null });
}
