import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { listAudit } from '../../core/audit/list-audit';
import { needs } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { AuditList, AuditQuery } from '../contract/audit';
import { refuseInvalid } from '../refuse-invalid';

const getAudit = createRoute({
	method: 'get',
	path: '/v1/audit',
	tags: ['Audit'],
	summary: 'Who did what, when, from where and why; reading it is recorded once an hour',
	...needs('audit:read'),
	request: { query: AuditQuery },
	responses: answers(200, AuditList, 'The newest first'),
});

export const auditRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid }).openapi(getAudit, async (c) => {
	const { deps, caller, whence } = c.var;
	const { cursor, limit, action, userId, from, until } = c.req.valid('query');
	const filter = { action, userId, fromMs: momentOf(from), untilMs: momentOf(until) };
	return c.json(await listAudit(deps, { actor: caller.actor, whence, filter, cursor, limit }), 200);
});

function momentOf(time: string | undefined): number | undefined {
	return time === undefined ? undefined : Date.parse(time);
}
