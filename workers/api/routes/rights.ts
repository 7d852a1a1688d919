import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import type { Person } from '../../core/accounts/resolve-person';
import { listExports, readExport } from '../../core/exports/read-exports';
import { requestExport } from '../../core/exports/request-export';
import { restrictAccount, restrictSubject } from '../../core/restriction/restrict-account';
import { objectToUses } from '../../core/rights/object-to-uses';
import { openOwnRequest, openRequest } from '../../core/rights/open-request';
import { readPrivacy } from '../../core/rights/privacy-summary';
import { listOwnRequests, lookAtRequest, proveRequest } from '../../core/rights/prove-request';
import { FOR_PERSON, FOR_PROVED_PERSON, needs, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { circumstancesOf } from '../circumstances';
import {
	ExportAnswer,
	ExportList,
	ObjectionAnswer,
	ObjectionOrder,
	OwnRightsOrder,
	OwnRightsOrdered,
	PrivacyAnswer,
	ReadyExport,
	RestrictionAnswer,
	RightsAnswer,
	RightsList,
	RightsOrder,
	RightsOrdered,
	RightsVisit,
} from '../contract/rights';
import { limited } from '../limit';
import { refuseInvalid } from '../refuse-invalid';

const params = z.object({ id: z.string().max(60) });
const RIGHTS = { tags: ['Rights'] };

const getPrivacy = createRoute({
	method: 'get',
	path: '/v1/privacy',
	summary: 'What is held about you, how much and since when, and what you asked for',
	...RIGHTS,
	...FOR_PERSON,
	responses: answers(200, PrivacyAnswer, 'By class of the policy'),
});

const postExport = createRoute({
	method: 'post',
	path: '/v1/rights/exports',
	summary: 'Ask for a copy of everything held about you, and of the account you own',
	...RIGHTS,
	...FOR_PROVED_PERSON,
	responses: answers(202, ExportAnswer, 'It is being made; a mail says when it is ready'),
});

const getExports = createRoute({
	method: 'get',
	path: '/v1/rights/exports',
	summary: 'Your copies, the newest first',
	...RIGHTS,
	...FOR_PERSON,
	responses: answers(200, ExportList, 'The copies'),
});

const getExport = createRoute({
	method: 'get',
	path: '/v1/rights/exports/{id}',
	summary: 'One copy, with a link to it while it is there',
	...RIGHTS,
	...FOR_PERSON,
	request: { params },
	responses: answers(200, ReadyExport, 'The copy'),
});

const postRestriction = createRoute({
	method: 'post',
	path: '/v1/rights/restriction',
	summary: 'Have everything stored and nothing else done with it (Art. 18)',
	...RIGHTS,
	...needs('account:write', { isProved: true }),
	responses: answers(200, RestrictionAnswer, 'Restricted'),
});

const deleteRestriction = createRoute({
	method: 'delete',
	path: '/v1/rights/restriction',
	summary: 'Lift the restriction',
	...RIGHTS,
	...needs('account:write', { isProved: true }),
	responses: answers(200, RestrictionAnswer, 'Lifted'),
});

const postSubjectRestriction = createRoute({
	method: 'post',
	path: '/v1/subjects/{id}/restriction',
	summary: 'Have everything of one patient stored and nothing else done with it',
	...RIGHTS,
	...needs('consents:write'),
	request: { params },
	responses: answers(200, RestrictionAnswer, 'Restricted'),
});

const deleteSubjectRestriction = createRoute({
	method: 'delete',
	path: '/v1/subjects/{id}/restriction',
	summary: 'Lift the restriction of one patient',
	...RIGHTS,
	...needs('consents:write'),
	request: { params },
	responses: answers(200, RestrictionAnswer, 'Lifted'),
});

const postObjection = createRoute({
	method: 'post',
	path: '/v1/rights/objections',
	summary: 'Object to every use that rests on interest or consent (Art. 21)',
	...RIGHTS,
	...FOR_PERSON,
	request: takes(ObjectionOrder),
	responses: answers(200, ObjectionAnswer, 'Refused at once, and a request for the rest'),
});

const postRequest = createRoute({
	method: 'post',
	path: '/v1/rights/requests',
	summary: 'Ask for a right without an account; a link is mailed to show that the address is yours',
	...RIGHTS,
	...OPEN_TO_ALL,
	request: takes(RightsOrder),
	responses: answers(202, RightsOrdered, 'Mailed, whoever has that address'),
});

const postConfirmation = createRoute({
	method: 'post',
	path: '/v1/rights/requests/confirm',
	summary: 'Show by the mailed link that the address is yours; again it says how the request stands',
	...RIGHTS,
	...OPEN_TO_ALL,
	request: takes(RightsVisit),
	responses: answers(200, RightsAnswer, 'The request'),
});

const postLook = createRoute({
	method: 'post',
	path: '/v1/rights/requests/look',
	summary: 'How a request stands, for whoever holds its link',
	...RIGHTS,
	...OPEN_TO_ALL,
	request: takes(RightsVisit),
	responses: answers(200, RightsAnswer, 'The request'),
});

const postOwnRequest = createRoute({
	method: 'post',
	path: '/v1/rights/own-requests',
	summary: 'Ask for a right as whoever is signed in',
	...RIGHTS,
	...FOR_PERSON,
	request: takes(OwnRightsOrder),
	responses: answers(201, OwnRightsOrdered, 'Open'),
});

const getOwnRequests = createRoute({
	method: 'get',
	path: '/v1/rights/own-requests',
	summary: 'What you asked for, with the answers',
	...RIGHTS,
	...FOR_PERSON,
	responses: answers(200, RightsList, 'The requests'),
});

/** The account is theirs to be told of while they own it. */
function scopeOf({ userId, account }: Person) {
	return { userId, accountId: account?.role === 'owner' ? account.id : null };
}

export const rightsRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getPrivacy, async (c) => c.json(await readPrivacy(c.var.deps, scopeOf(c.var.person)), 200))
	.openapi(postExport, async (c) => {
		const { deps, person, whence } = c.var;
		return c.json(await requestExport(deps, { person, whence }), 202);
	})
	.openapi(getExports, async (c) => c.json({ items: await listExports(c.var.deps, c.var.person) }, 200))
	.openapi(getExport, async (c) => {
		const { deps, person } = c.var;
		const exportId = c.req.valid('param').id;
		return c.json(await readExport(deps, { userId: person.userId, exportId }), 200);
	})
	.openapi(postRestriction, async (c) => {
		const { deps, caller, whence } = c.var;
		return c.json(await restrictAccount(deps, { actor: caller.actor, whence, isRestricted: true }), 200);
	})
	.openapi(deleteRestriction, async (c) => {
		const { deps, caller, whence } = c.var;
		return c.json(await restrictAccount(deps, { actor: caller.actor, whence, isRestricted: false }), 200);
	})
	.openapi(postSubjectRestriction, async (c) => {
		const { deps, caller, whence } = c.var;
		const who = { actor: caller.actor, whence, subjectId: c.req.valid('param').id };
		return c.json(await restrictSubject(deps, { ...who, isRestricted: true }), 200);
	})
	.openapi(deleteSubjectRestriction, async (c) => {
		const { deps, caller, whence } = c.var;
		const who = { actor: caller.actor, whence, subjectId: c.req.valid('param').id };
		return c.json(await restrictSubject(deps, { ...who, isRestricted: false }), 200);
	})
	.openapi(postObjection, async (c) => {
		const { deps, person, whence } = c.var;
		const { words } = c.req.valid('json');
		const made = await objectToUses(deps, { person, whence, words, ...circumstancesOf(c) });
		return c.json({ requestId: made.requestId, denied: [...made.denied] }, 200);
	})
	.openapi(postRequest, async (c) => {
		const { deps, whence } = c.var;
		const { days } = await openRequest(deps, { ...c.req.valid('json'), network: whence.network });
		return c.json({ mailed: true, days } as const, 202);
	})
	.openapi(postConfirmation, async (c) => {
		await limited('check')(c, {});
		const { id, token } = c.req.valid('json');
		return c.json(await proveRequest(c.var.deps, { requestId: id, token }), 200);
	})
	.openapi(postLook, async (c) => {
		await limited('check')(c, {});
		const { id, token } = c.req.valid('json');
		return c.json(await lookAtRequest(c.var.deps, { requestId: id, token }), 200);
	})
	.openapi(postOwnRequest, async (c) => {
		const { deps, person, whence } = c.var;
		const { userId, email, name } = person;
		const who = 'somebody with an account';
		const form = { ...c.req.valid('json'), userId, email, name, who };
		return c.json(await openOwnRequest(deps, { ...form, network: whence.network }), 201);
	})
	.openapi(getOwnRequests, async (c) => {
		const { deps, person } = c.var;
		return c.json({ items: await listOwnRequests(deps, { userId: person.userId }) }, 200);
	});
