import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { deletePerson, listOwnedAccounts } from '../../core/erasure/delete-person';
import { eraseSubject } from '../../core/erasure/erase-subject';
import { readErasure } from '../../core/erasure/read-erasure';
import { FOR_PERSON, FOR_PROVED_PERSON, needs, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { DeletionOrder, ErasureAnswer, ErasureView, LeavingAnswer } from '../contract/erasures';
import { toIssuedReceipt } from '../issued-receipt';
import { limitedVisit } from '../limit';
import { refuseInvalid } from '../refuse-invalid';

const params = z.object({ id: z.string().max(60) });

const deleteAccount = createRoute({
	method: 'delete',
	path: '/v1/account',
	tags: ['Erasure'],
	summary: 'Delete your account for good, with what you own; the receipt follows when all of it is gone',
	...FOR_PROVED_PERSON,
	request: takes(DeletionOrder),
	responses: answers(202, ErasureAnswer, 'Begun, and every session has ended'),
});

const getLeaving = createRoute({
	method: 'get',
	path: '/v1/me/leaving',
	tags: ['Erasure'],
	summary: 'What would go with your account, and what would be kept',
	...FOR_PERSON,
	responses: answers(200, LeavingAnswer, 'What goes and what stays'),
});

const postSubjectErasure = createRoute({
	method: 'post',
	path: '/v1/subjects/{id}/erasure',
	tags: ['Erasure'],
	summary: 'Erase a patient with everything that was made of them',
	...needs('assets:delete', { isProved: true }),
	request: { params },
	responses: answers(202, ErasureAnswer, 'Begun, and nothing of theirs can be seen any more'),
});

const getErasure = createRoute({
	method: 'get',
	path: '/v1/erasures/{id}',
	tags: ['Erasure'],
	summary: 'How far an erasure is, for whoever has its number; the receipt once it is done',
	...OPEN_TO_ALL,
	request: { params },
	responses: answers(200, ErasureView, 'The erasure, place by place'),
});

export const erasureRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(deleteAccount, async (c) => {
		const { deps, person } = c.var;
		return c.json(await deletePerson(deps, { person, ...c.req.valid('json') }), 202);
	})
	.openapi(getLeaving, async (c) => {
		const { deps, person } = c.var;
		const { deadlineHours, residue } = deps.studio.policy.erasure;
		const accounts = await listOwnedAccounts(deps, person);
		const kept = residue.map(({ what, why, until }) => ({ what, why, until }));
		return c.json({ email: person.email, accounts, deadlineHours, kept }, 200);
	})
	.openapi(postSubjectErasure, async (c) => {
		const { deps, caller, whence } = c.var;
		const { id: subjectId } = c.req.valid('param');
		return c.json(await eraseSubject(deps, { actor: caller.actor, whence, subjectId }), 202);
	})
	.openapi(getErasure, async (c) => {
		await limitedVisit(c);
		const { receipt, ...erasure } = await readErasure(c.var.deps, c.req.valid('param'));
		return c.json({ ...erasure, receipt: receipt === null ? null : toIssuedReceipt(receipt) }, 200);
	});
