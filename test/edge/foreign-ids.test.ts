import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { RenderView } from '../../workers/api/contract';
import { consentElements, givenConsent, givenReadySmile, smileInput } from './support/given-smile';
import { givenPractice, type Practice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder } from './support/trace';

/* What the matrix cannot make up by itself: ids inside bodies and queries, and pages of other sites. */

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
let changing: { method: string; path: string }[];
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
	changing = Object.entries(paths).flatMap(([path, methods]) =>
		Object.keys(methods)
			.filter((method) => method !== 'get')
			.map((method) => ({ method: method.toUpperCase(), path })),
	);
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

async function accountOf(practice: Practice): Promise<string> {
	const { account } = await practice.call(z.object({ account: z.object({ id: z.string() }) }), 'GET', '/v1/session');
	return account.id;
}

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

	test('are no consent to send a paper for', async () => {
		const body = { kind: 'paper', contentType: 'application/pdf', byteLength: 1000, consentId: ids.consent };
		const refused = await expectNoTrace(it, () => other.refusal('POST', '/v1/uploads', { body }));
		expect(refused).toMatchObject({ status: 404, code: 'not_found' });
		const never = { ...body, consentId: 'cns_that_never_was' };
		expect(await other.refusal('POST', '/v1/uploads', { body: never })).toEqual(refused);
	});

	test.each([
		['an account to act in', 'PUT', '/v1/session/account', async () => ({ accountId: await accountOf(owner) })],
		['a member to hand over to', 'POST', '/v1/account/transfer', () => ({ userId: 'user-that-never-was' })],
		['a logo', 'PUT', '/v1/account/logo', () => ({ uploadId: ids.upload })],
	] as const)('are not %s', async (_, method, path, body) => {
		const refused = await expectNoTrace(it, async () => other.refusal(method, path, { body: await body() }));
		expect(refused).toMatchObject({ status: 404, code: 'not_found' });
	});

	test('are nothing to keep a reel with, nor what one is made of', async () => {
		const consent = await givenConsent(other);
		const pair = await other.call(z.object({ id: z.string() }), 'POST', '/v1/pairs', {
			headers: { 'idempotency-key': 'own-pair' },
			body: { consentId: consent.consentId, treatment: 'whitening', attested: true },
		});
		for (const named of [{ renderId: ids.render }, { renderId: pair.id, madeOf: [ids.asset] }]) {
			const body = { kind: 'reel', contentType: 'video/mp4', byteLength: 1000, ...named };
			const refused = await expectNoTrace(it, () => other.refusal('POST', '/v1/compositions', { body }));
			expect(refused).toMatchObject({ status: 404, code: 'not_found' });
		}
	});

	test('are nothing that a file can be said to show', async () => {
		const order = { renderId: ids.render, kind: 'video' };
		const bytes = { fileHash: 'a'.repeat(64), contentType: 'video/mp4', byteLength: 1000 };
		for (const [path, body] of [
			['/v1/provenance/statements', { ...order, ...bytes }],
			['/v1/provenance/signatures', { ...order, claim: 'AAAA', actions: 'AAAA' }],
		] as const) {
			const refused = await expectNoTrace(it, () => other.refusal('POST', path, { body }));
			expect(refused).toMatchObject({ status: 404, code: 'not_found' });
		}
		const asked = `/v1/provenance/facts?${new URLSearchParams(order)}`;
		expect(await other.refusal('GET', asked)).toMatchObject({ status: 404, code: 'not_found' });
	});

	test('are no consent to keep a pair under', async () => {
		const refused = await expectNoTrace(it, () =>
			other.refusal('POST', '/v1/pairs', {
				headers: { 'idempotency-key': 'foreign-pair' },
				body: { consentId: ids.consent, treatment: 'whitening', attested: true },
			}),
		);
		expect(refused).toMatchObject({ status: 422, code: 'consent_required' });
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
	expect(changing.length).toBeGreaterThan(20);
	await expectNoTrace(it, async () => {
		for (const { method, path } of changing) {
			for (const origin of ['https://elsewhere.example', 'null', it.edge.mediaOrigin]) {
				const refused = await owner.refusal(method, path.replace('{id}', ids.render), {
					headers: { origin, 'idempotency-key': 'k', 'content-type': 'text/plain' },
					rawBody: '{}',
				});
				expect({ method, path, ...refused }).toEqual({
					method,
					path,
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
