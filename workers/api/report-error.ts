import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

import { reportUnexpected } from '../core/restriction/report-unexpected';
import { afterwards } from './bearer';
import type { ApiEnv } from './bindings';

/** Reports what nobody expected, after the answer, where errors are reported at all (`reportUnexpected`). A failing configuration has no `deps`. */
export async function reportError(c: Context<ApiEnv>, error: unknown): Promise<void> {
	if (c.var.deps?.errorReports == null) return;
	await afterwards(c, report(c, error));
}

async function report(c: Context<ApiEnv>, error: unknown): Promise<void> {
	const { deps, person, caller } = c.var;
	const { db, errorReports } = deps;
	if (errorReports === null) return;
	const userId = person?.userId ?? caller?.actor.userId ?? null;
	const pattern = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'no route';
	await reportUnexpected({ db, errorReports }, { error, where: `${c.req.method} ${pattern}`, userId });
}
