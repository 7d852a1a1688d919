import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { discloseData } from '../../../core/staff-access/disclose-data';
import { grantStaffAccess } from '../../../core/staff-access/grant-staff-access';
import { lookAtRender } from '../../../core/staff-access/look-at-render';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import {
	DisclosureAnswer,
	DisclosureOrder,
	StaffAccessAnswer,
	StaffAccessOrder,
	StaffLookAnswer,
} from '../../contract/staff-access';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };

const postAccess = createRoute({
	method: 'post',
	path: '/v1/operations/staff-access',
	summary: 'Open one render for half an hour, for a reason; its owner is told at once',
	...OPERATIONS,
	request: takes(StaffAccessOrder),
	responses: answers(200, StaffAccessAnswer, 'Open, now or before for the same reason'),
});

const getAccess = createRoute({
	method: 'get',
	path: '/v1/operations/staff-access/{id}',
	summary: 'Look at the render while the access lasts; each look is counted',
	...OPERATIONS,
	request: { params: z.object({ id: z.string().max(60) }) },
	responses: answers(200, StaffLookAnswer, 'The order, how it went, and addresses of its media for minutes'),
});

const postDisclosure = createRoute({
	method: 'post',
	path: '/v1/operations/disclosures',
	summary: 'Write down that data was handed over because the law required it',
	...OPERATIONS,
	request: takes(DisclosureOrder),
	responses: answers(200, DisclosureAnswer, 'Written down, and told unless a court forbids it'),
});

export const staffAccessOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postAccess, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await grantStaffAccess(deps, { whence, ...c.req.valid('json') }), 200);
	})
	.openapi(getAccess, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await lookAtRender(deps, { whence, accessId: c.req.valid('param').id }), 200);
	})
	.openapi(postDisclosure, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await discloseData(deps, { whence, ...c.req.valid('json') }), 200);
	});
