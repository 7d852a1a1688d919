import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { AssetAnswer, StudioAnswer } from '../../workers/api/contract';
import { checkOutput } from '../../workers/core/media/check-output';
import { waitForEnd } from './support/given-smile';
import { givenPractice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder, objectsOf, rowsOf } from './support/trace';

describe('the image studio', () => {
	let it: TestEdge;
	beforeAll(async () => {
		it = await startTestEdge({ studio: 'image' });
	});
	afterEach(() => expectOrder(it));
	afterAll(() => it.close());

	test('makes a picture from words without photo or consent, for 4 credits', async () => {
		const practice = await givenPractice(it.edge);
		const { id } = await practice.order('image.generate', { prompt: 'A red boat of paper' });
		const render = await waitForEnd(practice, id);

		expect(render).toMatchObject({
			state: 'succeeded',
			progress: 1,
			credits: { held: 0, charged: 4 },
			source: null,
			sourceDeleteAt: null,
			assets: [{ kind: 'picture', state: 'ready' }],
		});
		expect(await practice.credits()).toEqual({ available: 56, held: 0 });
		const asset = await practice.call(AssetAnswer, 'GET', `/v1/assets/${render.assets[0]!.id}`);
		expect(asset).toMatchObject({ assetClass: 'generated', disclosure: 'Made by AI', width: 1024, height: 1024 });
		const bytes = new Uint8Array(await (await fetch(asset.url)).arrayBuffer());
		expect(checkOutput(bytes, 'image')).toEqual({ contentType: 'image/png', width: 1024, height: 1024 });
		expect(it.emulators.fal.requests()).toEqual([]);
		expect(await rowsOf(it.edge, 'consents')).toEqual([]);
	});

	test('is not charged for words that the processor refuses, and keeps nothing', async () => {
		const practice = await givenPractice(it.edge);
		const objects = await objectsOf(it.edge);
		const { id } = await practice.order('image.generate', { prompt: 'A naked lighthouse' });
		const render = await waitForEnd(practice, id);

		expect(render).toMatchObject({
			state: 'failed',
			credits: { held: 0, charged: 0 },
			assets: [],
			error: { code: 'moderation_blocked', message: 'The processor’s safety check refused these words. Try others.' },
		});
		expect(render.stages[0]).toMatchObject({ state: 'failed', tries: 1 });
		expect(await practice.credits()).toEqual({ available: 60, held: 0 });
		expect(await objectsOf(it.edge)).toEqual(objects);
	});

	test('is not charged for a processor in trouble, which is asked again unless that is of no use', async () => {
		const practice = await givenPractice(it.edge);
		const ends = await Promise.all(
			['server_error', 'rate_limit_exceeded', 'insufficient_quota'].map(async (kind) => {
				const { id } = await practice.order('image.generate', { prompt: `A boat [emulator:${kind}]` });
				const { state, credits, error, stages } = await waitForEnd(practice, id);
				return { state, credits, code: error?.code, tries: stages[0]?.tries };
			}),
		);
		const free = { state: 'failed', credits: { held: 0, charged: 0 } };
		expect(ends).toEqual([
			{ ...free, code: 'server_error', tries: 3 },
			{ ...free, code: 'rate_limit_exceeded', tries: 3 },
			{ ...free, code: 'insufficient_quota', tries: 1 },
		]);
		expect(await practice.credits()).toEqual({ available: 60, held: 0 });
	});

	test.each([
		['no words', {}, 'Say what the picture shows, in 1 to 2000 characters.'],
		['blank words', { prompt: '   ' }, 'Say what the picture shows, in 1 to 2000 characters.'],
		['too many words', { prompt: 'x'.repeat(2001) }, 'Say what the picture shows, in 1 to 2000 characters.'],
		['a parameter of its own', { prompt: 'x', size: '1x1' }, 'Say what the picture shows, in 1 to 2000 characters.'],
	])('refuses %s without a trace', async (_, input, message) => {
		const practice = await givenPractice(it.edge);
		const refused = await expectNoTrace(it, () =>
			practice.refusal('POST', '/v1/renders', {
				headers: { 'idempotency-key': 'k' },
				body: { tool: 'image.generate', input },
			}),
		);
		expect(refused).toEqual({ status: 400, code: 'invalid_input', message });
	});

	test('has no smile video', async () => {
		const practice = await givenPractice(it.edge);
		expect(await practice.refusal('POST', '/v1/quotes', { body: { tool: 'smile.video', input: {} } })).toEqual({
			status: 400,
			code: 'invalid_input',
			message: 'AI Baby Dance has no tool of this name. It has image.generate.',
		});
	});
});

test('the media studio says what is to come and sells nothing yet', async () => {
	const it = await startTestEdge({ studio: 'media' });
	try {
		const practice = await givenPractice(it.edge);
		const studio = await practice.call(StudioAnswer, 'GET', '/v1/studio');
		expect(studio).toMatchObject({ slug: 'media', tools: [] });
		expect(studio.toCome).not.toEqual([]);
		expect(await practice.refusal('POST', '/v1/quotes', { body: { tool: 'image.generate', input: {} } })).toEqual({
			status: 400,
			code: 'invalid_input',
			message: 'Diffusion Studio has no tool of this name. It has none yet.',
		});
		expect(it.errors).toEqual([]);
	} finally {
		await it.close();
	}
});
