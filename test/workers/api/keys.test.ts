import { drizzle } from 'drizzle-orm/d1';
import { generateSignedCookie } from 'hono/cookie';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { ROLES, SCOPES, type Permission, type Role } from '../../../studios/roles';
import { SubjectAnswer } from '../../../workers/api/contract';
import { KeyList, MadeKeyAnswer } from '../../../workers/api/contract/keys';
import api from '../../../workers/api/index';
import { sessionCookieName } from '../../../workers/core/accounts/create-auth';
import type { Deps } from '../../../workers/core/deps';
import { startCountingApi } from '../../budgets/counting-api';
import { givenAccount, givenMember } from '../../support/given';
import { interceptD1, isWrite } from '../../support/intercepted-d1';
import { takeConsoleErrors } from '../../support/unexpected-errors';

const ORIGIN = 'https://app.test';
const DEAD_KEY = {
	error: {
		code: 'not_signed_in',
		message: 'This API key is not known, or it has expired or was revoked. Make a new one in the settings.',
	},
};

let world: Awaited<ReturnType<typeof startCountingApi>>;
let deps: Pick<Deps, 'db' | 'now'>;
beforeAll(async () => {
	world = await startCountingApi();
	deps = { db: drizzle(world.d1), now: () => new Date() };
}, 60_000);
afterAll(() => world.close());

interface Practice {
	accountId: string;
	userId: string;
	/** The owner's. */
	cookie: string;
}

async function cookieOf(sessionId: string): Promise<string> {
	const name = sessionCookieName(ORIGIN);
	const set = await generateSignedCookie(name, `token of ${sessionId}`, world.env.AUTH_SECRET, {
		path: '/',
		secure: true,
	});
	return set.split(';', 1)[0] ?? '';
}

async function givenPractice(): Promise<Practice> {
	const { accountId, userId, via } = await givenAccount(deps);
	return { accountId, userId, cookie: await cookieOf(via.kind === 'session' ? via.sessionId : '') };
}

let practice: Practice;
beforeEach(async () => {
	practice = await givenPractice();
});

function send(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Response> {
	return world.fetch(path, {
		method,
		headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
}

async function givenKey(
	scopes: readonly Permission[] = SCOPES,
	cookie = practice.cookie,
): Promise<z.output<typeof MadeKeyAnswer>> {
	const answer = await send('POST', '/v1/keys', { cookie, origin: ORIGIN }, { name: 'Program', scopes });
	expect(answer.status).toBe(201);
	return MadeKeyAnswer.parse(await answer.json());
}

function bearer({ key }: { key: string }) {
	return { authorization: `Bearer ${key}` };
}

async function refusal(answer: Response) {
	const { error } = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).parse(await answer.json());
	return { status: answer.status, ...error, way: answer.headers.get('www-authenticate') };
}

test('a key made in the settings reads and writes as its account', async () => {
	const key = await givenKey(['consents:write', 'credits:read']);

	const credits = await send('GET', '/v1/credits', bearer(key));
	const subject = await send('POST', '/v1/subjects', bearer(key), { reference: 'M-2041' });

	expect([credits.status, await credits.json()]).toMatchObject([200, { available: 60, held: 0 }]);
	expect(subject.status).toBe(201);
	const { id } = SubjectAnswer.parse(await subject.json());
	const row = world.d1.prepare('select account_id, reference from subjects where id = ?');
	expect(await row.bind(id).first()).toEqual({
		account_id: practice.accountId,
		reference: expect.not.stringContaining('2041'),
	});
	// 90 days, when nothing else was asked for.
	expect(Date.parse(key.expiresAt) - Date.parse(key.createdAt)).toBe(90 * 86_400_000);
});

test('a key is shown once: no later answer and no stored row holds it', async () => {
	const { key, id } = await givenKey();
	const listed = await send('GET', '/v1/keys', { cookie: practice.cookie });

	const text = await listed.text();
	expect(KeyList.parse(JSON.parse(text)).items).toMatchObject([{ id, state: 'live', ending: key.slice(-4) }]);
	expect(text).not.toContain(key.slice(3, 23));
	const { results: tables } = await world.d1
		.prepare("select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\'")
		.all<{ name: string }>();
	expect(tables.length).toBeGreaterThan(20);
	for (const { name } of tables) {
		const { results } = await world.d1.prepare(`select * from "${name}"`).all();
		expect({ name, holds: JSON.stringify(results).includes(key.slice(3, 23)) }).toEqual({ name, holds: false });
	}
});

test('the scheme’s name is read in any case, and the answer is kept by nobody', async () => {
	const { key } = await givenKey(['credits:read']);
	const answer = await send('GET', '/v1/credits', { authorization: `bearer  ${key} ` });
	expect(answer.status).toBe(200);
	expect(answer.headers.get('cache-control')).toBe('private, no-store');
});

test('a revoked key is refused with the next request, exactly as one that never was', async () => {
	const key = await givenKey();
	expect((await send('GET', '/v1/renders', bearer(key))).status).toBe(200);

	const revoked = await send('DELETE', `/v1/keys/${key.id}`, { cookie: practice.cookie, origin: ORIGIN });
	const after = await send('GET', '/v1/renders', bearer(key));
	const unknown = await send('GET', '/v1/renders', bearer({ key: `ak_${'A'.repeat(49)}` }));

	expect(revoked.status).toBe(200);
	for (const answer of [after, unknown]) {
		expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
		expect([answer.status, await answer.json()]).toEqual([401, DEAD_KEY]);
	}
	const again = await send('DELETE', `/v1/keys/${key.id}`, { cookie: practice.cookie, origin: ORIGIN });
	expect(await again.json()).toEqual(await revoked.json());
});

test.each(['ak_', 'Bearer', 'nonsense', '', 'ak_ with spaces'])(
	'“Bearer %s” is refused without asking the database, whatever cookie lies beside it',
	async (token) => {
		const headers = { authorization: `Bearer ${token}`, cookie: practice.cookie };
		const asked = await world.counted(async () => {
			for (const path of ['/v1/credits', '/v1/accounts', '/v1/keys']) {
				const answer = await send('GET', path, headers);
				expect([answer.status, await answer.json()]).toEqual([401, DEAD_KEY]);
			}
		});
		expect(asked).toEqual({ statements: 0, batches: 0 });
	},
);

test('with a key and a cookie the key decides: its account, its scopes', async () => {
	const other = await givenPractice();
	const key = await givenKey(['credits:read'], other.cookie);
	await world.d1.prepare('update credit_accounts set held = 7 where id = ?').bind(other.accountId).run();

	const both = { ...bearer(key), cookie: practice.cookie };
	const credits = await send('GET', '/v1/credits', both);
	const renders = await send('GET', '/v1/renders', both);
	const session = await send('GET', '/v1/session', both);

	expect(await credits.json()).toMatchObject({ held: 7 });
	expect((await refusal(renders)).code).toBe('not_allowed');
	expect(await session.json()).toEqual({ signedIn: false });
});

test('another scheme of Authorization does not hide the cookie', async () => {
	const headers = { authorization: 'Basic dGVzdDp0ZXN0', cookie: practice.cookie };
	expect((await send('GET', '/v1/credits', headers)).status).toBe(200);
});

const OPERATIONS = z.object({
	paths: z.record(
		z.string(),
		z.record(
			z.string(),
			z.object({
				'x-access': z.string(),
				'x-proved': z.boolean().default(false),
				security: z.array(z.unknown()).default([]),
			}),
		),
	),
});

async function operations() {
	const { paths } = OPERATIONS.parse(await (await world.fetch('/openapi.json')).json());
	return Object.entries(paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, { 'x-access': access, 'x-proved': isProved, security }]) => ({
			method: method.toUpperCase(),
			path: path.replaceAll(/\{\w+\}/g, 'thing'),
			access,
			isProved,
			security: JSON.stringify(security),
		})),
	);
}

function isScope(access: string): access is Permission {
	return SCOPES.some((scope) => scope === access);
}

test('every route that needs a scope refuses a key without it, by name, before it looks at anything else', async () => {
	const routes = (await operations()).filter((route) => isScope(route.access) && !isForPeople(route));
	expect(routes.length).toBeGreaterThan(15);
	for (const scope of SCOPES) {
		const key = await givenKey(SCOPES.filter((other) => other !== scope));
		for (const { method, path, security } of routes.filter(({ access }) => access === scope)) {
			expect(await refusal(await send(method, path, bearer(key))), `${method} ${path}`).toEqual({
				status: 403,
				code: 'not_allowed',
				message: `This key may not do this: it lacks ${scope}.`,
				way: `Bearer error="insufficient_scope", scope="${scope}"`,
			});
			expect(security).toContain(`{"apiKey":["${scope}"]}`);
		}
	}
});

/**
 * What operators call answers nobody else that it is there (operations.test.ts). A step that asks for a fresh proof takes a
 * person, though its permission is a scope too.
 */
function isForPeople({ access, isProved }: { access: string; isProved: boolean }): boolean {
	return access !== 'public' && access !== 'operator' && (isProved || !isScope(access));
}

test('every route for people, members, keys and the audit refuses a key that carries every scope', async () => {
	const key = await givenKey();
	const routes = (await operations()).filter(isForPeople);
	expect(routes.map(({ method, path }) => `${method} ${path}`)).toEqual(
		expect.arrayContaining([
			'POST /v1/keys',
			'GET /v1/keys',
			'DELETE /v1/keys/thing',
			'POST /v1/accounts',
			'POST /v1/subjects/thing/erasure',
		]),
	);
	const before = await world.d1.prepare('select count(*) as n from api_keys').first<number>('n');
	for (const { method, path, security } of routes) {
		// A signed-in owner's cookie beside it changes nothing.
		const answer = await send(method, path, { ...bearer(key), cookie: practice.cookie });
		expect(await refusal(answer), `${method} ${path}`).toMatchObject({
			status: 403,
			code: 'not_allowed',
			message: 'No API key may do this: it takes a person who is signed in. Do it in the web app.',
		});
		expect(security).not.toContain('apiKey');
	}
	expect(await world.d1.prepare('select count(*) as n from api_keys').first<number>('n')).toBe(before);
});

test('what belongs to another account answers a key as what does not exist', async () => {
	const key = await givenKey();
	const other = await givenPractice();
	const theirs = await send('POST', '/v1/subjects', { cookie: other.cookie, origin: ORIGIN }, { reference: 'X-1' });
	const { id } = z.object({ id: z.string() }).parse(await theirs.json());

	const foreign = await send('GET', `/v1/consents?subjectId=${id}`, bearer(key));
	const unknown = await send('GET', '/v1/consents?subjectId=sub_none', bearer(key));

	expect(foreign.status).toBe(404);
	expect(await foreign.text()).toBe(await unknown.text());
});

test('a role that was taken away counts with the next request, and a maker who was removed takes the key along', async () => {
	const { accountId } = practice;
	const maker = await givenMember(deps, { accountId, role: 'clinician' });
	const key = await givenKey(SCOPES, await cookieOf(maker.via.kind === 'session' ? maker.via.sessionId : ''));
	const become = (role: Role) =>
		world.d1.prepare('update memberships set role = ? where user_id = ?').bind(role, maker.userId).run();

	expect(ROLES).toContain('billing');
	await become('billing');
	expect(await refusal(await send('GET', '/v1/renders', bearer(key)))).toMatchObject({
		message: 'This key may not do this: it lacks renders:read.',
	});
	expect((await send('GET', '/v1/credits', bearer(key))).status).toBe(200);
	await world.d1.prepare('delete from memberships where user_id = ?').bind(maker.userId).run();
	expect((await send('GET', '/v1/credits', bearer(key))).status).toBe(401);
});

test('making a key takes a proof of the last minutes, and a role that may', async () => {
	const order = { name: 'Program', scopes: ['credits:read'] };
	const staff = await givenMember(deps, { accountId: practice.accountId, role: 'staff' });
	const staffCookie = await cookieOf(staff.via.kind === 'session' ? staff.via.sessionId : '');
	await world.d1.prepare('update sessions set created_at = created_at - 3600000').run();

	const stale = await send('POST', '/v1/keys', { cookie: practice.cookie, origin: ORIGIN }, order);
	const lesser = await send('POST', '/v1/keys', { cookie: staffCookie, origin: ORIGIN }, order);
	const nobody = await send('POST', '/v1/keys', { origin: ORIGIN }, order);

	expect((await refusal(stale)).code).toBe('reauthentication_required');
	expect((await refusal(lesser)).code).toBe('not_allowed');
	expect((await refusal(nobody)).code).toBe('not_signed_in');
	const made = world.d1.prepare('select count(*) as n from api_keys where account_id = ?').bind(practice.accountId);
	expect(await made.first<number>('n')).toBe(0);
});

test.each([
	['no scope', { scopes: [] }],
	['a scope that is none', { scopes: ['everything'] }],
	['a permission that no key carries', { scopes: ['keys:write'] }],
	['366 days', { expiresInDays: 366 }],
	['no day', { expiresInDays: 0 }],
	['no name', { name: '  ' }],
])('a key with %s is refused with a sentence, and none is made', async (_, wrong) => {
	const order = { name: 'Program', scopes: ['credits:read'], ...wrong };
	const answer = await send('POST', '/v1/keys', { cookie: practice.cookie, origin: ORIGIN }, order);
	expect(await refusal(answer)).toMatchObject({ status: 400, code: 'invalid_input' });
	const made = world.d1.prepare('select count(*) as n from api_keys where account_id = ?').bind(practice.accountId);
	expect(await made.first<number>('n')).toBe(0);
});

test('a page of another site is refused with a key as with a cookie, and so is a cookie without a key', async () => {
	const key = await givenKey();
	const elsewhere = { origin: 'https://elsewhere.test' };
	for (const headers of [bearer(key), { cookie: practice.cookie }, { ...bearer(key), cookie: practice.cookie }]) {
		const answer = await send('POST', '/v1/subjects', { ...headers, ...elsewhere }, { reference: 'M-1' });
		expect(await refusal(answer)).toMatchObject({ status: 403, message: 'This request comes from another site.' });
	}
});

test('without a key or a session the answer names the way in for programs, where there is one', async () => {
	expect(await refusal(await send('GET', '/v1/credits', {}))).toMatchObject({ status: 401, way: 'Bearer' });
	expect(await refusal(await send('GET', '/v1/keys', {}))).toMatchObject({ status: 401, way: null });
});

/** What a Worker's runtime gives a request: work that may go on after the answer. */
function aContext() {
	const waiting: Promise<unknown>[] = [];
	const context = { waitUntil: (work: Promise<unknown>) => void waiting.push(work), passThroughOnException: () => {} };
	return { waiting, context: { ...context, props: {} } };
}

test('its use is written down to the hour, after the answer, and once an hour', async () => {
	const key = await givenKey(['credits:read']);
	const usedAt = () =>
		world.d1.prepare('select last_used_at_ms from api_keys where id = ?').bind(key.id).first('last_used_at_ms');
	const { waiting, context } = aContext();
	const ask = () => api.request(`${ORIGIN}/v1/credits`, { headers: bearer(key) }, world.env, context);

	expect(await usedAt()).toBeNull();
	expect((await ask()).status).toBe(200);
	expect(waiting).toHaveLength(1);
	await Promise.all(waiting);
	const hour = await usedAt();
	expect(Number(hour) % 3_600_000).toBe(0);
	expect(Math.abs(Date.now() - Number(hour))).toBeLessThan(3_700_000);

	expect((await ask()).status).toBe(200);
	// At the turn of an hour a second one is right.
	const isSameHour = Number(hour) === Math.floor(Date.now() / 3_600_000) * 3_600_000;
	expect(waiting).toHaveLength(isSameHour ? 1 : 2);
});

test('when its use cannot be written down the request is served all the same, and the log says so', async () => {
	const key = await givenKey(['credits:read']);
	const { waiting, context } = aContext();
	const DB = interceptD1(world.d1, (call, run) =>
		isWrite(call) ? Promise.reject(new Error('D1_ERROR: overloaded')) : run(),
	);
	const answer = await api.request(`${ORIGIN}/v1/credits`, { headers: bearer(key) }, { ...world.env, DB }, context);
	await Promise.all(waiting);

	expect(answer.status).toBe(200);
	const logged = takeConsoleErrors().map(String).join('\n');
	expect(logged).toContain('key_use_unnoted');
	expect(logged).not.toContain(key.key.slice(3, 23));
});
