import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import api from '../../workers/api/index';
import { RenderView } from '../../workers/api/contract';
import { consentElements, givenConsent, givenReadySmile, smileInput } from './support/given-smile';
import { givenPractice, Practice, refusalIn } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder } from './support/trace';

/** Open to everybody, and about nobody. */
const PUBLIC = ['get /healthz', 'get /v1/studio', 'get /v1/session'];

type Bodies = Record<string, (owner: Practice, ids: Ids) => unknown>;

/** Answers about the caller alone: no id goes in, or one inside the body, which is then somebody else's. */
const ABOUT_CALLER: Bodies = {
	'post /v1/subjects': () => ({ reference: 'M-1' }),
	'get /v1/consents': () => undefined,
	'post /v1/consents': (owner, ids) => consentElements(owner, ids.subject),
	'post /v1/uploads': (_, ids) => ({
		kind: 'source',
		contentType: 'image/png',
		byteLength: 1000,
		subjectId: ids.subject,
		consentId: ids.consent,
	}),
	'post /v1/quotes': (_, ids) => ({ tool: 'smile.video', input: smileInput(ids.upload) }),
	'get /v1/renders': () => undefined,
	'post /v1/renders': (_, ids) => ({ tool: 'smile.video', input: smileInput(ids.upload) }),
	'get /v1/credits': () => undefined,
	'get /v1/credits/entries': () => undefined,
};

/** Which object a path with an id is about. */
const NOUN_OF_PATH: Record<string, keyof Ids> = {
	consents: 'consent',
	uploads: 'upload',
	renders: 'render',
	assets: 'asset',
	receipts: 'receipt',
};

interface Ids {
	subject: string;
	consent: string;
	upload: string;
	render: string;
	asset: string;
	receipt: string;
}

let it: TestEdge;
let owner: Practice;
let other: Practice;
let ids: Ids;
let routes: string[];
beforeAll(async () => {
	it = await startTestEdge();
	[owner, other] = [await givenPractice(it.edge), await givenPractice(it.edge)];
	const ready = await givenReadySmile(owner);
	const { source } = await owner.call(RenderView, 'GET', `/v1/renders/${ready.id}/view`);
	ids = {
		subject: source!.subjectId!,
		consent: source!.consentId!,
		upload: source!.id,
		render: ready.id,
		asset: ready.assets[0]!.id,
		receipt: source!.receiptId,
	};
	const schema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
	const { paths } = await owner.call(schema, 'GET', '/openapi.json');
	routes = Object.entries(paths).flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method} ${path}`),
	);
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

function partsOf(route: string): [method: string, path: string] {
	const [method = '', path = ''] = route.split(' ');
	return [method.toUpperCase(), path];
}

function routesWithId(): string[] {
	return routes.filter((route) => route.includes('{'));
}

test('the document names every route of the API, and this file knows every one of them', () => {
	const unnamed = /^\/(webhooks|api\/auth|\.well-known|docs$|openapi\.json$)/;
	const registered = api.routes
		.filter(({ method, path }) => method !== 'ALL' && !unnamed.test(path))
		.map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
	expect(new Set(routes)).toEqual(new Set(registered));
	const unknown = routes.filter(
		(route) => !PUBLIC.includes(route) && !(route in ABOUT_CALLER) && !route.includes('{id}'),
	);
	expect(unknown).toEqual([]);
	const nouns = routesWithId().map((route) => partsOf(route)[1].split('/')[2] ?? '');
	expect(nouns.filter((noun) => !(noun in NOUN_OF_PATH))).toEqual([]);
});

test('nobody is told anything, and changes nothing, without signing in', async () => {
	const refused = {
		status: 401,
		code: 'not_signed_in',
		message: 'You are not signed in, or the session has ended. Sign in again.',
	};
	const nobody = new Practice(it.edge);
	const closed = routes.filter((route) => !PUBLIC.includes(route));
	expect(closed.length).toBeGreaterThan(15);
	await expectNoTrace(it, async () => {
		for (const route of closed) {
			const [method, path] = partsOf(route);
			const noun = NOUN_OF_PATH[path.split('/')[2] ?? ''] ?? 'render';
			const body = ABOUT_CALLER[route]?.(owner, ids);
			const call = { headers: { 'idempotency-key': 'k' }, ...(body === undefined ? {} : { body }) };
			const answered = await nobody.refusal(method, path.replace('{id}', ids[noun]), call);
			expect({ route, ...answered }).toEqual({ route, ...refused });
		}
		for (const cookie of ['afterglow_session=made.up', `${owner.cookie.slice(0, -6)}AAAA%3D`]) {
			const answer = await nobody.send('GET', '/v1/credits', { headers: { cookie } });
			expect(await refusalIn(answer)).toEqual(refused);
		}
	});
});

test('every route with an id answers somebody else as it answers about what never was, for every kind of object', async () => {
	await expectNoTrace(it, async () => {
		for (const route of routesWithId()) {
			const [method, template] = partsOf(route);
			for (const id of Object.values(ids)) {
				const answer = await other.send(method, template.replace('{id}', id));
				const never = await other.send(method, template.replace('{id}', `${id.slice(0, 4)}${randomUUID()}`));
				const text = await answer.text();
				expect([route, id, answer.status, text]).toEqual([route, id, 404, await never.text()]);
			}
		}
	});
});

test('the owner is answered where others were not', async () => {
	for (const route of routesWithId().filter((each) => each.startsWith('get '))) {
		const [method, path] = partsOf(route);
		const noun = NOUN_OF_PATH[path.split('/')[2] ?? '']!;
		const { status } = await owner.send(method, path.replace('{id}', ids[noun]));
		expect([route, status]).toEqual([route, 200]);
	}
});

describe('somebody else’s ids inside a body or a query', () => {
	test('name no patient to consent for', async () => {
		const refused = await expectNoTrace(it, () =>
			other.refusal('POST', '/v1/consents', { body: consentElements(other, ids.subject) }),
		);
		expect(refused).toEqual({
			status: 404,
			code: 'not_found',
			message: 'There is no such patient, or it is not yours.',
		});
	});

	test('list no consents, as little as a patient who never was', async () => {
		const refused = await other.refusal('GET', `/v1/consents?subjectId=${ids.subject}`);
		expect(refused).toMatchObject({ status: 404, code: 'not_found' });
		expect(await other.refusal('GET', '/v1/consents?subjectId=sub_that_never_was')).toEqual(refused);
	});

	test('allow no upload, neither as consent nor as patient', async () => {
		const own = await givenConsent(other);
		for (const consent of [
			{ subjectId: ids.subject, consentId: ids.consent },
			{ subjectId: ids.subject, consentId: own.consentId },
			{ subjectId: own.subjectId, consentId: ids.consent },
		]) {
			const body = { kind: 'source', contentType: 'image/png', byteLength: 1000, ...consent };
			const refused = await expectNoTrace(it, () => other.refusal('POST', '/v1/uploads', { body }));
			expect(refused).toMatchObject({ status: 422, code: 'consent_required' });
		}
	});

	test('are no photo to order from', async () => {
		const refused = await expectNoTrace(it, () =>
			other.refusal('POST', '/v1/renders', {
				headers: { 'idempotency-key': 'foreign' },
				body: { tool: 'smile.video', input: smileInput(ids.upload) },
			}),
		);
		expect(refused).toEqual({ status: 404, code: 'not_found', message: 'There is no such photo, or it is not yours.' });
	});
});

test('a page of another site changes nothing with the practice’s cookie', async () => {
	const changing = routes.filter((route) => !route.startsWith('get '));
	await expectNoTrace(it, async () => {
		for (const route of changing) {
			const [method, path] = partsOf(route);
			const noun = NOUN_OF_PATH[path.split('/')[2] ?? ''] ?? 'render';
			for (const origin of ['https://elsewhere.example', 'null', it.edge.mediaOrigin]) {
				const refused = await owner.refusal(method, path.replace('{id}', ids[noun]), {
					headers: { origin, 'idempotency-key': 'k', 'content-type': 'text/plain' },
					rawBody: '{}',
				});
				expect({ route, ...refused }).toEqual({
					route,
					status: 403,
					code: 'not_allowed',
					message: 'This request comes from another site.',
				});
			}
		}
	});
});

test('an address that does not exist is refused like everything else', async () => {
	for (const path of ['/v1/nothing', '/v1/renders/a/b/c', '/webhooks/nobody/token', '/.well-known/nothing']) {
		expect({ path, ...(await owner.refusal('GET', path)) }).toMatchObject({ path, status: 404, code: 'not_found' });
	}
});
