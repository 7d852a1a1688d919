import { eq } from 'drizzle-orm';

import { attempts } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { advanceRender } from './advance-render';

/** A processor has spoken about an attempt: its render is asked what it needs next. An unknown attempt needs nothing. */
export async function advanceNotified(deps: JobDeps, { attemptId }: { attemptId: string }): Promise<void> {
	const [attempt] = await deps.db
		.select({ renderId: attempts.renderId })
		.from(attempts)
		.where(eq(attempts.id, attemptId));
	if (attempt !== undefined) await advanceRender(deps, attempt);
}
