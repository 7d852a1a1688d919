import OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';
import { startEmulators } from '../../emulators/start-emulators';

// Drawing shares the machine with other suites.
vi.setConfig({ testTimeout: 30_000 });

const emulators = await startEmulators();
afterAll(() => emulators.close());
const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${emulators.origin}/openai/v1`, maxRetries: 0 });
const draw = (prompt: string, size: '1024x1024' | '1536x1024' = '1024x1024') =>
	client.images.generate({ model: 'gpt-image-1', prompt, size });

test('a prompt becomes a picture of the size asked for, and the same one each time', async () => {
	const [first, again] = [await draw('a calm sea at dawn', '1536x1024'), await draw('a calm sea at dawn', '1536x1024')];
	const bytes = Buffer.from(first.data![0]!.b64_json!, 'base64');
	expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1536, height: 1024 });
	expect(again.data).toEqual(first.data);
	expect(first).toMatchObject({ size: '1536x1024', output_format: 'png', created: expect.any(Number) });
	expect(first.usage!.total_tokens).toBe(first.usage!.input_tokens + first.usage!.output_tokens);
});

test('another prompt is another picture, and several pictures of one prompt differ', async () => {
	const sea = await client.images.generate({ model: 'gpt-image-1', prompt: 'a calm sea', n: 2, output_format: 'webp' });
	const forest = await client.images.generate({ model: 'gpt-image-1', prompt: 'a forest', output_format: 'webp' });
	const pictures = [...sea.data!, ...forest.data!].map(({ b64_json: picture }) => picture);
	expect(new Set(pictures).size).toBe(3);
	expect(await sharp(Buffer.from(pictures[0]!, 'base64')).metadata()).toMatchObject({ format: 'webp' });
});

test('a prompt the safety system refuses is moderation_blocked', async () => {
	await expect(draw('a scene of gore')).rejects.toMatchObject({
		status: 400,
		code: 'moderation_blocked',
		requestID: expect.stringMatching(/^req_/),
	});
});

test('a call without a key, an unknown model and a marked prompt fail in the known envelope', async () => {
	const noKey = await fetch(`${emulators.origin}/openai/v1/images/generations`, { method: 'POST', body: '{}' });
	expect(noKey.status).toBe(401);
	expect(await noKey.json()).toEqual({
		error: { message: expect.any(String), type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
	});
	const unknown = client.images.generate({ model: 'picture-9', prompt: 'a hill' });
	await expect(unknown).rejects.toMatchObject({ status: 400, code: 'model_not_found', param: 'model' });
	await expect(draw('a hill [emulator:insufficient_quota]')).rejects.toMatchObject({
		status: 429,
		code: 'insufficient_quota',
	});
});
