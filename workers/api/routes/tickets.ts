import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { AppError } from '../../core/errors';
import { answerTicket } from '../../core/support/answer-ticket';
import { closeTicket, reopenTicket } from '../../core/support/close-ticket';
import { openTicket } from '../../core/support/open-ticket';
import { listOwnTickets, readTicket } from '../../core/support/read-ticket';
import type { TicketVisitor } from '../../core/support/ticket-access';
import { FOR_PERSON, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	OpenedTicket,
	TicketAnswer,
	TicketAnswerOrder,
	TicketList,
	TicketOrder,
	TicketVisit,
	WrittenMessage,
} from '../contract/support';
import { refuseInvalid } from '../refuse-invalid';
import { readPerson } from '../session';

const SUPPORT = { tags: ['Support'] };
/** For whoever has the link of its mail, or is signed in as who opened it. */
const FOR_ITS_PERSON = { ...SUPPORT, ...OPEN_TO_ALL };
const params = z.object({ id: z.string().max(60) });

const postTicket = createRoute({
	method: 'post',
	path: '/v1/tickets',
	summary: 'Write to support; the answer comes by mail',
	...FOR_ITS_PERSON,
	request: takes(TicketOrder),
	responses: answers(201, OpenedTicket, 'Written, now or before under this key'),
});

const getTickets = createRoute({
	method: 'get',
	path: '/v1/tickets',
	summary: 'Your own conversations with support',
	...SUPPORT,
	...FOR_PERSON,
	responses: answers(200, TicketList, 'The newest first'),
});

const postLook = createRoute({
	method: 'post',
	path: '/v1/tickets/{id}/look',
	summary: 'Read a conversation',
	...FOR_ITS_PERSON,
	request: { params, ...takes(TicketVisit) },
	responses: answers(200, TicketAnswer, 'The conversation'),
});

const postMessage = createRoute({
	method: 'post',
	path: '/v1/tickets/{id}/messages',
	summary: 'Write in a conversation; a closed one is open again',
	...FOR_ITS_PERSON,
	request: { params, ...takes(TicketAnswerOrder) },
	responses: answers(201, WrittenMessage, 'Written, now or before under this key'),
});

const postClosing = createRoute({
	method: 'post',
	path: '/v1/tickets/{id}/close',
	summary: 'Close a conversation: the time until its deletion begins',
	...FOR_ITS_PERSON,
	request: { params, ...takes(TicketVisit) },
	responses: answers(200, OpenedTicket, 'Closed'),
});

const postReopening = createRoute({
	method: 'post',
	path: '/v1/tickets/{id}/reopen',
	summary: 'Open a closed conversation again: nothing counts towards its deletion any more',
	...FOR_ITS_PERSON,
	request: { params, ...takes(TicketVisit) },
	responses: answers(200, OpenedTicket, 'Open'),
});

export const ticketRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postTicket, async (c) => {
		const { deps, whence } = c.var;
		const { email, ...order } = c.req.valid('json');
		const person = await readPerson(c);
		const address = person?.email ?? email;
		if (address === undefined) {
			const details = { fields: ['email'] };
			throw new AppError('invalid_input', 'Where should the answer go? Type your e-mail address.', { details });
		}
		const userId = person?.userId ?? null;
		const { ticketId } = await openTicket(deps, { userId, address, network: whence.network, ...order });
		return c.json({ id: ticketId }, 201);
	})
	.openapi(getTickets, async (c) => {
		const { deps, person } = c.var;
		return c.json({ items: await listOwnTickets(deps, { userId: person.userId }) }, 200);
	})
	.openapi(postLook, async (c) => {
		const { id: ticketId } = c.req.valid('param');
		return c.json(await readTicket(c.var.deps, { ticketId, visitor: await visitorOf(c, c.req.valid('json')) }), 200);
	})
	.openapi(postMessage, async (c) => {
		const { deps, whence } = c.var;
		const { token, words, key } = c.req.valid('json');
		const visit = { ticketId: c.req.valid('param').id, visitor: await visitorOf(c, { token }) };
		return c.json(await answerTicket(deps, { ...visit, words, key, network: whence.network }), 201);
	})
	.openapi(postClosing, async (c) => {
		const { id } = c.req.valid('param');
		await closeTicket(c.var.deps, { ticketId: id, visitor: await visitorOf(c, c.req.valid('json')) });
		return c.json({ id }, 200);
	})
	.openapi(postReopening, async (c) => {
		const { id } = c.req.valid('param');
		await reopenTicket(c.var.deps, { ticketId: id, visitor: await visitorOf(c, c.req.valid('json')) });
		return c.json({ id }, 200);
	});

async function visitorOf(c: Context<ApiEnv>, { token }: { token?: string | undefined }): Promise<TicketVisitor> {
	const person = await readPerson(c);
	return { token: token ?? null, userId: person?.userId ?? null };
}
