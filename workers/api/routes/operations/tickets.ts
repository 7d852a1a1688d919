import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { eraseTicketsByAddress } from '../../../core/support/erase-by-address';
import {
	closeTicketByOperator,
	listTickets,
	readTicketByOperator,
	replyToTicket,
} from '../../../core/support/tickets-by-operator';
import { FOR_OPERATOR } from '../../access';
import { answers, takes } from '../../answers';
import type { ApiEnv } from '../../bindings';
import {
	ClosedTicket,
	ReplyAnswer,
	ReplyOrder,
	SupportTicket,
	TicketErasure,
	TicketErasureAnswer,
	TicketPage,
	TicketQuery,
} from '../../contract/support';
import { refuseInvalid } from '../../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };
const params = z.object({ id: z.string().max(60) });

const getTickets = createRoute({
	method: 'get',
	path: '/v1/operations/tickets',
	summary: 'What people wrote, the one that waits longest first',
	...OPERATIONS,
	request: { query: TicketQuery },
	responses: answers(200, TicketPage, 'The conversations'),
});

const getTicket = createRoute({
	method: 'get',
	path: '/v1/operations/tickets/{id}',
	summary: 'A conversation, to answer it',
	...OPERATIONS,
	request: { params },
	responses: answers(200, SupportTicket, 'The conversation, and from where it is'),
});

const postReply = createRoute({
	method: 'post',
	path: '/v1/operations/tickets/{id}/reply',
	summary: 'Answer, by mail and in the conversation',
	...OPERATIONS,
	request: { params, ...takes(ReplyOrder) },
	responses: answers(200, ReplyAnswer, 'Answered, now or before under this key'),
});

const postClosing = createRoute({
	method: 'post',
	path: '/v1/operations/tickets/{id}/close',
	summary: 'Close a conversation: the time until its deletion begins',
	...OPERATIONS,
	request: { params },
	responses: answers(200, ClosedTicket, 'Closed, now or before'),
});

const postErasure = createRoute({
	method: 'post',
	path: '/v1/operations/tickets/erase',
	summary: 'Destroy what was written from an address',
	...OPERATIONS,
	request: takes(TicketErasure),
	responses: answers(200, TicketErasureAnswer, 'Destroyed; again while some are left'),
});

/** What operators do with conversations: the only place that shows what somebody wrote, because they wrote it to them. */
export const ticketOperations = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getTickets, async (c) => c.json(await listTickets(c.var.deps, c.req.valid('query')), 200))
	.openapi(getTicket, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await readTicketByOperator(deps, { whence, ticketId: c.req.valid('param').id }), 200);
	})
	.openapi(postReply, async (c) => {
		const { deps, whence } = c.var;
		const ticketId = c.req.valid('param').id;
		return c.json(await replyToTicket(deps, { whence, ticketId, ...c.req.valid('json') }), 200);
	})
	.openapi(postClosing, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await closeTicketByOperator(deps, { whence, ticketId: c.req.valid('param').id }), 200);
	})
	.openapi(postErasure, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await eraseTicketsByAddress(deps, { whence, ...c.req.valid('json') }), 200);
	});
