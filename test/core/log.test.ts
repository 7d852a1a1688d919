import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as zodMini from 'zod/mini';

import { createAuth } from '../../workers/core/accounts/create-auth';
import { resolvePerson } from '../../workers/core/accounts/resolve-person';
import { createConsent } from '../../workers/core/consents/create-consent';
import { createSubject } from '../../workers/core/consents/create-subject';
import { AppError } from '../../workers/core/errors';
import { logError } from '../../workers/core/log';
import { beginSignUp } from '../../workers/core/people/begin-sign-up';
import { completeSignUp } from '../../workers/core/people/complete-sign-up';
import { recordFalNotice } from '../../workers/core/renders/record-webhook';
import { startRender } from '../../workers/core/renders/start-render';
import { createStripeGateway } from '../../workers/core/gateways/stripe';
import { STUDIOS } from '../../studios/all';
import { freshDeps } from '../support/deps';
import { givenAccount } from '../support/given';
import { completeElements } from '../support/given-consent';
import { interceptD1 } from '../support/intercepted-d1';
import { takeConsoleErrors } from '../support/unexpected-errors';

const CANARY = 'canary-7f3a';
const CANARIES = { userId: CANARY, accountId: CANARY, via: { kind: 'session', sessionId: CANARY } } as const;
const D1_LINE = 'D1_ERROR: D1 DB is overloaded. Too many requests queued.';
const SECRETS = { authSecret: 'a secret of the tests, 32 characters or more', passwordPepper: 'pepper of the tests' };

/** A D1 that refuses everything, whose error goes on below its first line as no line of ours may. */
function refusingDeps() {
	const d1 = interceptD1(env.DB, () => Promise.reject(new Error(`${D1_LINE}\n    at ${CANARY}:1:1`)));
	return freshDeps({ d1, studio: STUDIOS.image });
}

/** What is logged of whatever `action` throws. */
async function loggedOf(action: () => Promise<unknown>): Promise<string> {
	const error = await action().then(
		() => null,
		(thrown: unknown) => thrown,
	);
	expect(error).not.toBeNull();
	logError('unhandled_error', error, { worker: 'api' });
	return takeConsoleErrors().map(String).join('\n');
}

const OPERATIONS: [string, () => Promise<unknown>][] = [
	['a session', () => resolvePerson(refusingDeps(), { sessionToken: CANARY })],
	[
		'a sign-up',
		() => {
			const deps = { ...refusingDeps(), authSecrets: SECRETS, breachedPasswords: () => Promise.resolve(false) };
			const person = { email: `${CANARY}@practice.test`, name: CANARY, password: `${CANARY} of four words` };
			return beginSignUp(deps, person);
		},
	],
	[
		'the end of a sign-up',
		() => completeSignUp(refusingDeps(), { email: `${CANARY}@practice.test`, code: CANARY, ticket: CANARY }),
	],
	['a subject', () => createSubject(refusingDeps(), { actor: CANARIES, reference: CANARY })],
	[
		'a consent',
		async () => {
			const actor = await givenAccount(freshDeps());
			const elements = { ...completeElements(Date.now()), signerName: CANARY, description: CANARY };
			return createConsent(refusingDeps(), { actor, subjectId: CANARY, elements });
		},
	],
	[
		'a webhook',
		() => {
			const notice = { requestId: CANARY, status: 'OK' as const, payload: `{"url":"${CANARY}"}` };
			return recordFalNotice(refusingDeps(), { attemptId: CANARY, notice });
		},
	],
	[
		'an order',
		() => {
			const order = { actor: CANARIES, network: CANARY, key: CANARY, tool: 'image.generate' };
			return startRender(refusingDeps(), { ...order, input: { prompt: `${CANARY}\n    at ${CANARY}:2:2` } });
		},
	],
];

test.each(OPERATIONS)('of %s that D1 refused, the log has D1’s line and no value', async (_, action) => {
	const logged = await loggedOf(action);
	expect(logged).toContain(D1_LINE);
	expect(logged).not.toContain(CANARY);
	const { event, worker, detail } = z
		.object({ event: z.string(), worker: z.string(), detail: z.string() })
		.parse(JSON.parse(logged));
	expect([event, worker]).toEqual(['unhandled_error', 'api']);
	expect(detail).toMatch(/\n\s+at .+:\d+:\d+/);
});

test('of a sign-in that D1 refused, nothing personal is printed', async () => {
	const deps = refusingDeps();
	const path = '/sign-in/email';
	const body = JSON.stringify({ email: `${CANARY}@practice.test`, password: `${CANARY} password` });
	const headers = { 'content-type': 'application/json', origin: deps.appOrigin, 'user-agent': CANARY };
	const request = new Request(`${deps.appOrigin}/api/auth${path}`, { method: 'POST', headers, body });
	await createAuth(deps, SECRETS)
		.handler(request)
		.catch((error: unknown) => logError('unhandled_error', error));

	const lines = takeConsoleErrors();
	expect(lines.length).toBeGreaterThan(0);
	const printed = lines.flat().map((value) => (value instanceof Error ? `${value.message} ${value.stack}` : value));
	expect(printed.join('\n')).not.toContain(CANARY);
	expect(printed.join('\n')).toContain(D1_LINE);
});

test('of a refusal only its code is logged, of a refused configuration its fields', () => {
	logError('message_failed', new AppError('conflict', `${CANARY} is being placed.`, { cause: new Error(CANARY) }));
	const parsed = z.object({ AUTH_SECRET: z.string().min(40) }).safeParse({ AUTH_SECRET: CANARY });
	logError('unhandled_error', parsed.error);
	const mini = zodMini.object({ URL_SIGNING_KEY: zodMini.string() }).safeParse({ other: CANARY });
	logError('unhandled_error', mini.error);
	const ruled = z
		.object({ ENVIRONMENT: z.string() })
		.refine(() => false, 'In production an emulator is refused.')
		.safeParse({ ENVIRONMENT: CANARY });
	logError('unhandled_error', ruled.error);
	logError('unhandled_error', CANARY);

	const [refusal, configuration, small, rule, text] = takeConsoleErrors().map(String);
	expect(small).toContain('URL_SIGNING_KEY:invalid_type');
	expect(rule).toContain('In production an emulator is refused.');
	expect(refusal).toContain('AppError conflict');
	expect(configuration).toContain('ZodError AUTH_SECRET:too_small');
	expect(text).toContain('thrown string');
	expect([refusal, configuration, small, rule, text].join('\n')).not.toContain(CANARY);
});

test('what Stripe refuses is found in its own log by the request’s id, and its sentence, which may quote somebody, is left out', async () => {
	const error = { type: 'invalid_request_error', code: 'email_invalid', param: 'email', message: `Invalid: ${CANARY}` };
	const answer = Response.json({ error }, { status: 400, headers: { 'request-id': 'req_1' } });
	const config = { key: 'sk_test_x', apiUrl: 'https://stripe.test', studio: 'dental', hasAutomaticTax: false };
	const stripe = createStripeGateway(config, () => Promise.resolve(answer));
	const logged = await loggedOf(() => stripe.createCustomer({ accountId: 'acc_1', idempotencyKey: 'customer:chk_1' }));
	expect(logged).toContain('StripeRefusal invalid_request_error email_invalid email req_1');
	expect(logged).not.toContain(CANARY);
});
