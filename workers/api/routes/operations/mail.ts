import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { announceStep, previewAnnouncement } from '../../../core/mail/announce';
import { findSuppression, liftSuppression, listSuppressions } from '../../../core/mail/suppressions';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import {
	AnnouncementOrder,
	AnnouncementStep,
	PreviewAnswer,
	PreviewOrder,
	SuppressionFound,
	SuppressionLift,
	SuppressionLifted,
	SuppressionList,
	SuppressionQuestion,
} from '../../contract/mail-operations';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };

const postStep = createRoute({
	method: 'post',
	path: '/v1/operations/announcements/step',
	summary: 'Queue an update for the next of those who want it',
	...OPERATIONS,
	request: takes(AnnouncementOrder),
	responses: answers(200, AnnouncementStep, 'Queued, now or before'),
});

const postPreview = createRoute({
	method: 'post',
	path: '/v1/operations/announcements/preview',
	summary: 'Mail an update to one address, as it will read',
	...OPERATIONS,
	request: takes(PreviewOrder),
	responses: answers(200, PreviewAnswer, 'Queued'),
});

const getSuppressions = createRoute({
	method: 'get',
	path: '/v1/operations/suppressions',
	summary: 'Addresses that get less or no mail, as fingerprints',
	...OPERATIONS,
	responses: answers(200, SuppressionList, 'How many, and the newest 100'),
});

const postQuestion = createRoute({
	method: 'post',
	path: '/v1/operations/suppressions/find',
	summary: 'What is known of one address',
	...OPERATIONS,
	request: takes(SuppressionQuestion),
	responses: answers(200, SuppressionFound, 'Null where mail goes'),
});

const postLift = createRoute({
	method: 'post',
	path: '/v1/operations/suppressions/lift',
	summary: 'Let mail go to an address again',
	...OPERATIONS,
	request: takes(SuppressionLift),
	responses: answers(200, SuppressionLifted, 'Lifted'),
});

export const mailOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postStep, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await announceStep(deps, { whence, ...c.req.valid('json') }), 200);
	})
	.openapi(postPreview, async (c) => {
		await previewAnnouncement(c.var.deps, c.req.valid('json'));
		return c.json({ queued: true } as const, 200);
	})
	.openapi(getSuppressions, async (c) => {
		const { newest, ...counts } = await listSuppressions(c.var.deps);
		return c.json({ ...counts, newest: newest.map(toAnswer) }, 200);
	})
	.openapi(postQuestion, async (c) => {
		const found = await findSuppression(c.var.deps, c.req.valid('json'));
		return c.json({ found: found === null ? null : toAnswer(found) }, 200);
	})
	.openapi(postLift, async (c) => {
		const { deps, whence } = c.var;
		return c.json({ lifted: toAnswer(await liftSuppression(deps, { whence, ...c.req.valid('json') })) }, 200);
	});

function toAnswer({ sinceMs, ...row }: { fingerprint: string; reason: 'bounced' | 'complained'; sinceMs: number }) {
	return { ...row, since: new Date(sinceMs).toISOString() };
}
