import { createRoute, OpenAPIHono } from '@hono/zod-openapi';

import { changePassword } from '../../core/people/change-password';
import { beginEmailChange, confirmEmailChange, readWantedAddress } from '../../core/people/change-email';
import { CODE_MINUTES } from '../../core/people/mailed-code';
import { listOwnEvents, readOwnPerson, renamePerson } from '../../core/people/read-person';
import { FOR_PERSON, FOR_PROVED_PERSON } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	CodeSent,
	EmailChanged,
	EmailCodes,
	EmailOrder,
	EventList,
	MeAnswer,
	MeChange,
	PasswordChanged,
	PasswordOrder,
} from '../contract/me';
import { limitedPerson } from '../limit';
import { refuseInvalid } from '../refuse-invalid';

const getMe = createRoute({
	method: 'get',
	path: '/v1/me',
	tags: ['Me'],
	summary: 'What you are called, how you get in, what you stated',
	...FOR_PERSON,
	responses: answers(200, MeAnswer, 'You'),
});

const patchMe = createRoute({
	method: 'patch',
	path: '/v1/me',
	tags: ['Me'],
	summary: 'Change your name',
	...FOR_PERSON,
	request: takes(MeChange),
	responses: answers(200, MeAnswer, 'Changed'),
});

const putPassword = createRoute({
	method: 'put',
	path: '/v1/me/password',
	tags: ['Me'],
	summary: 'Set your password, or another one; every other session ends',
	...FOR_PROVED_PERSON,
	request: takes(PasswordOrder),
	responses: answers(200, PasswordChanged, 'Changed'),
});

const postEmail = createRoute({
	method: 'post',
	path: '/v1/me/email',
	tags: ['Me'],
	summary: 'Have codes mailed to the address you have and to the one you want',
	...FOR_PROVED_PERSON,
	request: takes(EmailOrder),
	responses: answers(200, CodeSent, 'Mailed, whoever has that address'),
});

const postEmailCodes = createRoute({
	method: 'post',
	path: '/v1/me/email/confirm',
	tags: ['Me'],
	summary: 'Change your address with both codes; every other session ends',
	...FOR_PERSON,
	request: takes(EmailCodes),
	responses: answers(200, EmailChanged, 'Changed'),
});

const getEvents = createRoute({
	method: 'get',
	path: '/v1/me/events',
	tags: ['Me'],
	summary: 'What happened to how you sign in, the newest first',
	...FOR_PERSON,
	responses: answers(200, EventList, 'The newest 50'),
});

export const meRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getMe, async (c) => {
		const { deps, person } = c.var;
		return c.json(await readOwnPerson(deps, person), 200);
	})
	.openapi(patchMe, async (c) => {
		const { deps, person } = c.var;
		await renamePerson(deps, { userId: person.userId, name: c.req.valid('json').name });
		return c.json(await readOwnPerson(deps, person), 200);
	})
	.openapi(putPassword, async (c) => {
		const { deps, person, whence } = c.var;
		const { hasSecondFactor } = person;
		await changePassword(deps, { person, whence, hasSecondFactor }, c.req.valid('json'));
		return c.json({ changed: true } as const, 200);
	})
	.openapi(postEmail, async (c) => {
		const { deps, person, whence } = c.var;
		const { email } = c.req.valid('json');
		await limitedPerson('code', { address: email })(c);
		await beginEmailChange(deps, { person, whence }, { email });
		return c.json({ sent: true, minutes: CODE_MINUTES } as const, 200);
	})
	.openapi(postEmailCodes, async (c) => {
		const { deps, person, whence } = c.var;
		await limitedPerson('check', { address: await readWantedAddress(deps, person) })(c);
		return c.json(await confirmEmailChange(deps, { person, whence }, c.req.valid('json')), 200);
	})
	.openapi(getEvents, async (c) => {
		const { deps, person } = c.var;
		return c.json({ items: await listOwnEvents(deps, person) }, 200);
	});
