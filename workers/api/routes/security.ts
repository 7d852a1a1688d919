import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { CODE_MINUTES } from '../../core/people/mailed-code';
import { mailProofCode, prove, type Proof } from '../../core/people/prove';
import {
	beginSecondFactor,
	confirmSecondFactor,
	endSecondFactor,
	renewRecoveryCodes,
} from '../../core/people/second-factor';
import { endSession, endSessions, listSessions } from '../../core/people/sessions';
import { checkPasskey } from '../../core/passkeys/check-passkey';
import { FOR_PERSON, FOR_PROVED_PERSON, PROOF_MINUTES } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import {
	CodeSent,
	EndedSessions,
	ProofAnswer,
	ProofOrder,
	RecoveryCodes,
	SecondFactorOff,
	SecondFactorOffer,
	SecondFactorOrder,
	SessionList,
} from '../contract/me';
import { limitedPerson } from '../limit';
import { refuseInvalid } from '../refuse-invalid';
import { renewSessionCookie } from '../session';
import { browserOf } from '../whence';
import { takeSecret } from './passkeys';

const getSessions = createRoute({
	method: 'get',
	path: '/v1/me/sessions',
	tags: ['Me'],
	summary: 'Where you are signed in, the newest first',
	...FOR_PERSON,
	responses: answers(200, SessionList, 'The sessions'),
});

const deleteSession = createRoute({
	method: 'delete',
	path: '/v1/me/sessions/{id}',
	tags: ['Me'],
	summary: 'Sign out one of your devices: its next request is nobody’s',
	...FOR_PERSON,
	request: { params: z.object({ id: z.string() }) },
	responses: answers(200, EndedSessions, 'Signed out'),
});

const deleteSessions = createRoute({
	method: 'delete',
	path: '/v1/me/sessions',
	tags: ['Me'],
	summary: 'Sign out everywhere; with keep=this everywhere else',
	...FOR_PERSON,
	request: { query: z.object({ keep: z.literal('this').optional() }) },
	responses: answers(200, EndedSessions, 'Signed out'),
});

const postProofCode = createRoute({
	method: 'post',
	path: '/v1/me/proof/code',
	tags: ['Me'],
	summary: 'Have a code mailed to show again that it is you',
	...FOR_PERSON,
	responses: answers(200, CodeSent, 'Mailed'),
});

const postProof = createRoute({
	method: 'post',
	path: '/v1/me/proof',
	tags: ['Me'],
	summary: 'Show again that it is you; with a second factor on, by its code or a passkey',
	...FOR_PERSON,
	request: takes(ProofOrder),
	responses: answers(200, ProofAnswer, 'Noted on this session'),
});

const postFactor = createRoute({
	method: 'post',
	path: '/v1/me/second-factor',
	tags: ['Me'],
	summary: 'Begin a second factor: a secret for your authenticator app',
	...FOR_PROVED_PERSON,
	responses: answers(200, SecondFactorOffer, 'Nothing is on before a code of it is brought'),
});

const postFactorCode = createRoute({
	method: 'post',
	path: '/v1/me/second-factor/confirm',
	tags: ['Me'],
	summary: 'Switch the second factor on with a first code of your app',
	...FOR_PERSON,
	request: takes(SecondFactorOrder),
	responses: answers(200, RecoveryCodes, 'On'),
});

const deleteFactor = createRoute({
	method: 'delete',
	path: '/v1/me/second-factor',
	tags: ['Me'],
	summary: 'Switch the second factor off',
	...FOR_PROVED_PERSON,
	responses: answers(200, SecondFactorOff, 'Off'),
});

const postRecoveryCodes = createRoute({
	method: 'post',
	path: '/v1/me/recovery-codes',
	tags: ['Me'],
	summary: 'New recovery codes in place of those before',
	...FOR_PROVED_PERSON,
	responses: answers(200, RecoveryCodes, 'The codes before are over'),
});

export const securityRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getSessions, async (c) => {
		const { deps, person } = c.var;
		const found = await listSessions(deps, person);
		const items = found.map(({ userAgent, signedInAt, ...session }) => ({
			...session,
			device: browserOf(userAgent ?? ''),
			signedInAt: signedInAt.toISOString(),
		}));
		return c.json({ items }, 200);
	})
	.openapi(deleteSession, async (c) => {
		const { deps, person, whence } = c.var;
		await endSession(deps, { person, whence }, c.req.valid('param').id);
		return c.json({ ended: 1 }, 200);
	})
	.openapi(deleteSessions, async (c) => {
		const { deps, person, whence } = c.var;
		const keepsThis = c.req.valid('query').keep === 'this';
		return c.json({ ended: await endSessions(deps, { person, whence }, { keepsThis }) }, 200);
	})
	.openapi(postProofCode, async (c) => {
		const { deps, person } = c.var;
		await limitedPerson('code')(c);
		await mailProofCode(deps, person);
		return c.json({ sent: true, minutes: CODE_MINUTES } as const, 200);
	})
	.openapi(postProof, async (c) => {
		const { deps, person } = c.var;
		const order = c.req.valid('json');
		await limitedPerson('check')(c);
		let proof: Proof;
		if ('passkey' in order) {
			await checkPasskey(deps, { secret: takeSecret(c), response: order.passkey, userId: person.userId });
			proof = { passkey: 'checked' };
		} else {
			proof = order;
		}
		const { provedAtMs, ...renewed } = await prove(deps, { person, proof });
		await renewSessionCookie(c, renewed);
		return c.json({ provedUntil: new Date(provedAtMs + PROOF_MINUTES * 60_000).toISOString() }, 200);
	})
	.openapi(postFactor, async (c) => {
		const { deps, person, whence } = c.var;
		return c.json(await beginSecondFactor(deps, { person, whence }), 200);
	})
	.openapi(postFactorCode, async (c) => {
		const { deps, person, whence } = c.var;
		await limitedPerson('check')(c);
		return c.json(await confirmSecondFactor(deps, { person, whence }, c.req.valid('json')), 200);
	})
	.openapi(deleteFactor, async (c) => {
		const { deps, person, whence } = c.var;
		await endSecondFactor(deps, { person, whence });
		return c.json({ isOn: false } as const, 200);
	})
	.openapi(postRecoveryCodes, async (c) => {
		const { deps, person, whence } = c.var;
		return c.json(await renewRecoveryCodes(deps, { person, whence }), 200);
	});
