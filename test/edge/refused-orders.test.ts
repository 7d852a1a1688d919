import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { DeletionAnswer } from '../../workers/api/contract';
import {
	endConsent,
	givenConsent,
	givenOrder,
	givenPhoto,
	isOpen,
	readRender,
	smileInput,
} from './support/given-smile';
import { type Call, givenPractice, type Practice, type Refused } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder, rowsOf, untilQuiet } from './support/trace';
import { until } from './support/until';

let it: TestEdge;
let practice: Practice;
let uploadId: string;
beforeAll(async () => {
	it = await startTestEdge();
	practice = await givenPractice(it.edge);
	uploadId = await givenPhoto(practice);
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

function refusedCall(call: Call): Promise<Refused> {
	return expectNoTrace(it, () => practice.refusal('POST', '/v1/renders', call));
}

function refusedOrder(order: { tool: string; input: unknown }, key = 'refused'): Promise<Refused> {
	return refusedCall({ headers: { 'idempotency-key': key }, body: order });
}

/** Until the processor has taken these orders: what their queue writes is written by then. */
function untilSubmitted(renderIds: readonly string[]): Promise<true> {
	return until('the processor has them', async () => {
		const attempts = await rowsOf(it.edge, 'attempts');
		const taken = attempts.filter((row) => row['state'] === 'submitted').map((row) => row['render_id']);
		return renderIds.every((id) => taken.includes(id)) ? true : undefined;
	});
}

const INCOMPLETE =
	'This order is not complete. It needs a photo, the treatment, the shade today and the shade wanted, and holds nothing that the treatment does not know.';

describe('an order that the studio does not know', () => {
	test('for another tool, whether it is quoted or placed', async () => {
		const refused = {
			status: 400,
			code: 'invalid_input',
			message: 'Dental Diffusion has no tool of this name. It has smile.video.',
		};
		const order = { tool: 'image.generate', input: { prompt: 'x' } };
		expect(await refusedOrder(order)).toEqual(refused);
		expect(await expectNoTrace(it, () => practice.refusal('POST', '/v1/quotes', { body: order }))).toEqual(refused);
	});

	test.each([
		[
			'another treatment',
			{ treatment: 'implants' },
			'This order names no treatment that is offered. There are whitening, bonding, veneers, crowns, aligners, gum-contouring, makeover.',
		],
		['a shade that no tab has', { toShade: 'Z9' }, INCOMPLETE],
		['a shade of another spelling', { toShade: 'a1' }, INCOMPLETE],
		['no photo', { uploadId: undefined }, INCOMPLETE],
		['a parameter of its own', { resolution: '4k' }, INCOMPLETE],
		['the same shade', { toShade: 'A3' }, 'Whitening goes lighter, and A3 is not lighter than A3.'],
		['a darker shade', { toShade: 'C4' }, 'Whitening goes lighter, and C4 is not lighter than A3.'],
	])('with %s', async (_, change, message) => {
		const refused = await refusedOrder({ tool: 'smile.video', input: { ...smileInput(uploadId), ...change } });
		expect(refused).toEqual({ status: 400, code: 'invalid_input', message });
	});

	test('that is no order at all', async () => {
		const headers = { 'idempotency-key': 'refused' };
		expect(await refusedCall({ headers, rawBody: '{"tool": "smile.video", ' })).toEqual({
			status: 400,
			code: 'invalid_input',
			message: 'This is not JSON we can read.',
		});
		expect(await refusedCall({ headers, rawBody: '"smile.video"' })).toMatchObject({
			status: 400,
			code: 'invalid_input',
		});
		expect(await refusedCall({ headers, body: { tool: 7, input: {} } })).toEqual({
			status: 400,
			code: 'invalid_input',
			message: 'tool: This has to be text.',
		});
		expect(await refusedCall({ headers })).toMatchObject({ status: 400, code: 'invalid_input' });
		expect(await refusedCall({ headers: { ...headers, 'content-type': 'text/plain' }, rawBody: 'tool' })).toMatchObject(
			{
				status: 400,
			},
		);
	});

	test('without an Idempotency-Key, or with one too long to keep', async () => {
		const body = { tool: 'smile.video', input: smileInput(uploadId) };
		expect(await expectNoTrace(it, () => practice.refusal('POST', '/v1/renders', { body }))).toEqual({
			status: 400,
			code: 'invalid_input',
			message: 'idempotency-key: Send an Idempotency-Key, so that a repeated order is not made twice.',
		});
		expect(await refusedOrder(body, 'k'.repeat(256))).toMatchObject({ status: 400, code: 'invalid_input' });
	});
});

test('a photo that is deleted cannot be ordered from', async () => {
	const gone = await givenPhoto(practice);
	await practice.call(DeletionAnswer, 'DELETE', `/v1/uploads/${gone}`);
	await untilQuiet(it);
	expect(await refusedOrder({ tool: 'smile.video', input: smileInput(gone) })).toEqual({
		status: 410,
		code: 'gone',
		message: 'This photo is deleted, or about to be. Take a new one.',
	});
});

test('a photo of a consent that has ended cannot be ordered from', async () => {
	const consent = await givenConsent(practice);
	const id = await givenPhoto(practice, undefined, consent);
	await endConsent(it.edge, practice, consent.consentId);
	expect(await refusedOrder({ tool: 'smile.video', input: smileInput(id) })).toEqual({
		status: 422,
		code: 'consent_required',
		message: 'The consent has ended, so no photo can be sent. Ask the patient to sign a new one.',
	});
});

describe('credits and keys', () => {
	test('a third video is more than 60 credits pay for, and is refused without a trace', async () => {
		const own = await givenPractice(it.edge);
		const photo = await givenPhoto(own);
		it.emulators.fal.set({ latencyMs: 600_000 });
		const orders = [await givenOrder(own, photo), await givenOrder(own, photo)];
		expect(await own.credits()).toEqual({ available: 12, held: 48 });
		await untilSubmitted(orders);
		const refused = await expectNoTrace(it, () =>
			own.refusal('POST', '/v1/renders', {
				headers: { 'idempotency-key': 'third' },
				body: { tool: 'smile.video', input: smileInput(photo) },
			}),
		);
		expect(refused).toMatchObject({ status: 402, code: 'insufficient_credits' });

		for (const id of orders) await own.send('POST', `/v1/renders/${id}/cancel`);
		it.emulators.fal.set({ latencyMs: 0 });
		expect(await own.credits()).toEqual({ available: 60, held: 0 });
		expect(await own.refusal('POST', `/v1/renders/${orders[0]}/cancel`)).toEqual({
			status: 409,
			code: 'conflict',
			message: 'This has ended already, so there is nothing to cancel.',
		});
		expect((await readRender(own, orders[0]!)).state).toBe('cancelled');
	});

	test('of ten orders at the same time 60 credits pay for two', async () => {
		const own = await givenPractice(it.edge);
		const photo = await givenPhoto(own);
		it.emulators.fal.set({ latencyMs: 600_000 });
		const answers = await Promise.all(
			Array.from({ length: 10 }, (_, index) =>
				own.send('POST', '/v1/renders', {
					headers: { 'idempotency-key': `at once ${index}` },
					body: { tool: 'smile.video', input: smileInput(photo) },
				}),
			),
		);
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
			202,
			202,
			...Array<number>(8).fill(402),
		]);
		expect(await own.credits()).toEqual({ available: 12, held: 48 });
		for (const answer of answers.filter(({ ok }) => ok)) {
			await own.send('POST', `${answer.headers.get('location')}/cancel`);
		}
		it.emulators.fal.set({ latencyMs: 0 });
		expect(await own.credits()).toEqual({ available: 60, held: 0 });
	});

	test('the same key with the same order is one order, with another order a conflict', async () => {
		const own = await givenPractice(it.edge);
		const photo = await givenPhoto(own);
		it.emulators.fal.set({ latencyMs: 600_000 });
		const [first, again] = await Promise.all([
			own.order('smile.video', smileInput(photo), 'key'),
			own.order('smile.video', smileInput(photo), 'key'),
		]);
		expect(again.id).toBe(first.id);
		await untilSubmitted([first.id]);
		const later = await expectNoTrace(it, () => own.order('smile.video', smileInput(photo), 'key'));
		expect(later.id).toBe(first.id);
		const refused = await expectNoTrace(it, () =>
			own.refusal('POST', '/v1/renders', {
				headers: { 'idempotency-key': 'key' },
				body: { tool: 'smile.video', input: { ...smileInput(photo), toShade: 'B1' } },
			}),
		);
		expect(refused).toEqual({
			status: 409,
			code: 'idempotency_conflict',
			message: 'This Idempotency-Key already stands for another order. Use a new key for a new order.',
		});
		expect(await own.credits()).toEqual({ available: 36, held: 24 });

		// The key belongs to the practice: another one's is another key.
		const other = await givenPractice(it.edge);
		const theirs = await other.order('smile.video', smileInput(await givenPhoto(other)), 'key');
		expect(theirs.id).not.toBe(first.id);
		await other.send('POST', `/v1/renders/${theirs.id}/cancel`);
		await own.send('POST', `/v1/renders/${first.id}/cancel`);
		it.emulators.fal.set({ latencyMs: 0 });
	});

	test('a photo at work is not deleted from under its video', async () => {
		const own = await givenPractice(it.edge);
		const photo = await givenPhoto(own);
		it.emulators.fal.set({ latencyMs: 600_000 });
		const id = await givenOrder(own, photo);
		expect(await own.refusal('DELETE', `/v1/uploads/${photo}`)).toEqual({
			status: 409,
			code: 'conflict',
			message: 'A video is being made from this photo. Cancel it first, or wait until it is ready.',
		});
		expect(isOpen(await readRender(own, id))).toBe(true);
		await own.send('POST', `/v1/renders/${id}/cancel`);
		it.emulators.fal.set({ latencyMs: 0 });
		expect(await own.credits()).toEqual({ available: 60, held: 0 });
	});
});

test.each([
	['a page that is none', { limit: '0' }],
	['a page too long', { limit: '101' }],
	['a page of words', { limit: 'all' }],
])('a list refuses %s', async (_, query) => {
	for (const path of ['/v1/renders', '/v1/credits/entries']) {
		const refused = await practice.refusal('GET', `${path}?${new URLSearchParams(query).toString()}`);
		expect(refused).toMatchObject({ status: 400, code: 'invalid_input' });
	}
});

test.each(['nonsense', 'eyJhIjoxfQ', '%00', '-1', "1' or 1=1 --"])('a list refuses a cursor of %s', async (cursor) => {
	for (const path of ['/v1/renders', '/v1/credits/entries']) {
		const refused = await practice.refusal('GET', `${path}?cursor=${encodeURIComponent(cursor)}`);
		expect(refused).toMatchObject({ status: 400, code: 'invalid_input' });
		expect(refused.message).toMatch(/^This cursor is not one we gave\./);
	}
});

test('nothing that was refused ever reached a processor', async () => {
	const orders = new Set((await rowsOf(it.edge, 'renders')).map((row) => row['id']));
	const attempts = await rowsOf(it.edge, 'attempts');
	expect(attempts.every((row) => orders.has(row['render_id']))).toBe(true);
	expect(it.emulators.fal.requests().length).toBe(attempts.length);
});
