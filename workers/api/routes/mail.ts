import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { hasGpcIn } from '../../core/choices/regime';
import { notFound } from '../../core/errors';
import { chooseMail, readMailSettings, unsubscribe } from '../../core/mail/mail-choices';
import { mailAddressCode, proveArrival } from '../../core/mail/prove-arrival';
import { readUnsubscribeToken } from '../../core/mail/unsubscribe-token';
import { CODE_MINUTES } from '../../core/people/mailed-code';
import { FOR_PERSON, OPEN_TO_ALL } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { AddressCode, AddressProved, MailChoicesOrder, MailSettings, Unsubscribing } from '../contract/mail';
import { CodeSent } from '../contract/me';
import { limitedPerson } from '../limit';
import { refuseInvalid } from '../refuse-invalid';

const getMail = createRoute({
	method: 'get',
	path: '/v1/me/mail',
	tags: ['Me'],
	summary: 'Which mail you want beyond what is needed, and whether mail reaches you',
	...FOR_PERSON,
	responses: answers(200, MailSettings, 'Your mail'),
});

const putMail = createRoute({
	method: 'put',
	path: '/v1/me/mail',
	tags: ['Me'],
	summary: 'Switch both kinds of mail that nobody needs on or off',
	...FOR_PERSON,
	request: takes(MailChoicesOrder),
	responses: answers(200, MailSettings, 'As it is now'),
});

const postAddressCode = createRoute({
	method: 'post',
	path: '/v1/me/mail/address-code',
	tags: ['Me'],
	summary: 'Have a code mailed to your address, which mail came back from',
	...FOR_PERSON,
	responses: answers(200, CodeSent, 'Mailed'),
});

const postAddressProof = createRoute({
	method: 'post',
	path: '/v1/me/mail/address-code/confirm',
	tags: ['Me'],
	summary: 'Show with the code that mail arrives again',
	...FOR_PERSON,
	request: takes(AddressCode),
	responses: answers(200, AddressProved, 'Mail goes there again'),
});

/*
 * No limit by network: the servers of a few mail programs press the button for everybody. A token that is not ours costs no
 * statement, and one that is writes one row until its person switches the class on again.
 */
const token = z.object({ token: z.string().max(300) });

const getUnsubscribe = createRoute({
	method: 'get',
	path: '/v1/unsubscribe/{token}',
	tags: ['Mail'],
	summary: 'Which mail a link in it stops; stops nothing',
	...OPEN_TO_ALL,
	request: { params: token },
	responses: answers(200, Unsubscribing, 'Its class'),
});

const postUnsubscribe = createRoute({
	method: 'post',
	path: '/v1/unsubscribe/{token}',
	tags: ['Mail'],
	summary: 'Stop that mail, without signing in',
	...OPEN_TO_ALL,
	request: { params: token },
	responses: answers(200, Unsubscribing, 'Stopped, now or before'),
});

export const mailRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getMail, async (c) => c.json(await settingsOf(c), 200))
	.openapi(putMail, async (c) => {
		const { deps, person, whence } = c.var;
		const { surface, ...wants } = c.req.valid('json');
		const by = { ...person, surface, country: whence.country, hasGpc: hasGpcIn(c.req.raw.headers) };
		await chooseMail(deps, by, wants);
		return c.json(await settingsOf(c), 200);
	})
	.openapi(postAddressCode, async (c) => {
		const { deps, person } = c.var;
		await limitedPerson('code')(c);
		await mailAddressCode(deps, person);
		return c.json({ sent: true, minutes: CODE_MINUTES } as const, 200);
	})
	.openapi(postAddressProof, async (c) => {
		const { deps, person } = c.var;
		await limitedPerson('check')(c);
		await proveArrival(deps, { ...person, ...c.req.valid('json') });
		return c.json({ arrives: true } as const, 200);
	})
	.openapi(getUnsubscribe, async (c) => {
		const named = await readUnsubscribeToken(c.var.deps.mailKey, c.req.valid('param').token);
		if (named === null) throw notFound('link');
		return c.json({ mailClass: named.mailClass }, 200);
	})
	.openapi(postUnsubscribe, async (c) => {
		const stopped = await unsubscribe(c.var.deps, c.req.valid('param'));
		if (stopped === null) throw notFound('link');
		return c.json(stopped, 200);
	});

async function settingsOf(c: Context<ApiEnv>) {
	const { deps, person } = c.var;
	const { wants, suppression } = await readMailSettings(deps, person);
	return { wants, problem: suppression };
}
