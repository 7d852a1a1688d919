import { renders } from '../../../schema/renders';
import type { Actor } from '../../../workers/core/actor';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import type { Hold } from '../../../workers/core/credits/statements';
import type { Deps } from '../../../workers/core/deps';
import { givenHold } from '../../support/given';

/** A render that somebody ordered, with its credits set aside. */
export async function givenOrdered(
	deps: Pick<Deps, 'db' | 'now'>,
	{ accountId, userId }: Pick<Actor, 'accountId' | 'userId'>,
	credits: number,
): Promise<Hold> {
	const hold = await givenHold(deps, accountId, credits);
	const nowMs = deps.now().getTime();
	await deps.db.insert(renders).values({
		id: hold.renderId,
		accountId,
		requestedBy: userId,
		tool: 'smile.video',
		input: '{}',
		state: 'queued',
		creditsHeld: credits,
		createdAtMs: nowMs,
		deadlineAtMs: nowMs,
	});
	return hold;
}

/** The same, charged. */
export async function givenCharged(
	deps: Pick<Deps, 'db' | 'now'>,
	actor: Pick<Actor, 'accountId' | 'userId'>,
	credits: number,
): Promise<Hold> {
	const hold = await givenOrdered(deps, actor, credits);
	await captureCredits(deps, hold);
	return hold;
}

/** What SQLite says it reads for a statement; placeholders are bound to nothing. */
export async function planOf(d1: D1Database, sql: string): Promise<string> {
	const values = Array.from({ length: sql.split('?').length - 1 }, () => null);
	const { results } = await d1
		.prepare(`explain query plan ${sql}`)
		.bind(...values)
		.all<{ detail: string }>();
	return results.map(({ detail }) => detail).join('\n');
}
