import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { z } from 'zod';

import { BROWSER_PURPOSES, CHOICE_TEXT_VERSION } from '../../../studios/policy/trackers';
import { decideFor } from '../../core/choices/decide-for';
import { choiceStatement } from '../../core/choices/record-choice';
import { listShared } from '../../core/conversions/conversion-statements';
import { AppError } from '../../core/errors';
import { limitStatements, type Limit } from '../../core/limits/limit-statements';
import { refusalOfLimit } from '../../core/limits/require-within-limits';
import { OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { circumstancesOf, keepVisitor, removeCookies, visitorIdOf } from '../circumstances';
import { ChoicesAnswer, ChoicesOrder } from '../contract/choices';
import { refuseInvalid } from '../refuse-invalid';
import { readPerson } from '../session';

const getChoices = createRoute({
	method: 'get',
	path: '/v1/choices',
	tags: ['Choices'],
	summary: 'What this visitor allows, and what may run for them',
	...OPEN_TO_ALL,
	responses: answers(200, ChoicesAnswer, 'By the newest choice, or by the rules of where they are'),
});

const postChoices = createRoute({
	method: 'post',
	path: '/v1/choices',
	tags: ['Choices'],
	summary: 'Allow or refuse; a refusal takes the cookies of what it ends with it',
	...OPEN_TO_ALL,
	request: takes(ChoicesOrder),
	responses: answers(200, ChoicesAnswer, 'Written down, and what holds from now on'),
});

export const choiceRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getChoices, async (c) => {
		const person = await readPerson(c);
		return c.json(await answerFor(c, { userId: person?.userId ?? null, visitorId: visitorIdOf(c) }), 200);
	})
	.openapi(postChoices, async (c) => {
		const { surface, ...chosen } = c.req.valid('json');
		const person = await readPerson(c);
		if (chosen.error_reports !== undefined && person === null) {
			throw new AppError(
				'not_signed_in',
				'Your number in error reports is there when you are signed in. Sign in first.',
			);
		}
		const userId = person?.userId ?? null;
		const visitorId = keepVisitor(c);
		await record(c, { userId, visitorId, surface }, chosen);
		const answer = await answerFor(c, { userId, visitorId });
		removeCookies(c, cookiesToRemove(c, answer));
		return c.json(answer, 200);
	});

/** In one batch with what limits it: what is refused is neither written nor counted. */
async function record(
	c: Context<ApiEnv>,
	who: { userId: string | null; visitorId: string; surface: 'banner' | 'preferences' },
	chosen: Omit<z.output<typeof ChoicesOrder>, 'surface'>,
): Promise<void> {
	const { deps, whence } = c.var;
	const limits: Limit[] = [{ what: 'choose', by: 'network', value: whence.network }];
	const rows = BROWSER_PURPOSES.flatMap((purpose) => {
		const choice = chosen[purpose];
		return choice === undefined ? [] : [{ purpose, choice }];
	});
	const made = { ...who, ...circumstancesOf(c), textVersion: CHOICE_TEXT_VERSION };
	try {
		await deps.db.batch([choiceStatement(deps, made, rows), ...limitStatements(deps, limits)]);
	} catch (cause) {
		throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
	}
}

type Answer = z.output<typeof ChoicesAnswer>;

async function answerFor(
	c: Context<ApiEnv>,
	chooser: { userId: string | null; visitorId: string | null },
): Promise<Answer> {
	const { deps } = c.var;
	const { userId } = chooser;
	const circumstances = circumstancesOf(c);
	const decided = await decideFor(deps, { ...chooser, ...circumstances });
	const tellsMeta = decided.trackers.some(({ id, isAllowed }) => id === 'meta' && isAllowed);
	return {
		...circumstances,
		textVersion: CHOICE_TEXT_VERSION,
		...decided,
		reportsErrors: deps.errorReports !== null,
		shared: userId !== null && tellsMeta ? await listShared(deps, { userId }) : [],
	};
}

/** Of every tracker that may not run: a cookie that should not be there goes with any choice, not only with the one against it. */
function cookiesToRemove(c: Context<ApiEnv>, { trackers }: Answer): string[] {
	const ended = trackers.filter(({ isAllowed }) => !isAllowed).map(({ id }) => id);
	return c.var.deps.studio.policy.trackers
		.filter(({ id }) => ended.includes(id))
		.flatMap(({ cookies }) => cookies.map(({ name }) => name));
}
