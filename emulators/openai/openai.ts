import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import sharp from 'sharp';
import { z } from 'zod';
import { paperScene } from './paper-scene';

const Order = z.object({
	model: z.enum(['gpt-image-1', 'gpt-image-1-mini', 'gpt-image-1.5', 'gpt-image-2', 'chatgpt-image-latest']),
	prompt: z.string().min(1).max(32_000),
	n: z.int().min(1).max(10).default(1),
	size: z.enum(['1024x1024', '1536x1024', '1024x1536', 'auto']).default('auto'),
	quality: z.enum(['low', 'medium', 'high', 'auto']).default('auto'),
	background: z.enum(['transparent', 'opaque', 'auto']).default('auto'),
	output_format: z.enum(['png', 'jpeg', 'webp']).default('png'),
});
type Order = z.infer<typeof Order>;

/** What the stand-in's safety system refuses: enough words to try the refusal, no judgement of prompts. */
const BLOCKED_WORDS = /\b(nude|naked|gore|beheading|massacre|porn\w*)\b/i;

/** What a prompt can ask to go wrong: `[emulator:insufficient_quota]`. */
const FAILURES = {
	rate_limit_exceeded: { status: 429, type: 'rate_limit_error', message: 'Rate limit reached for images per minute.' },
	insufficient_quota: { status: 429, type: 'insufficient_quota', message: 'You exceeded your current quota.' },
	server_error: { status: 500, type: 'server_error', message: 'The server had an error while processing the request.' },
} as const;

const FailureCode = z.enum(['rate_limit_exceeded', 'insufficient_quota', 'server_error']);

/** Stands for `api.openai.com/v1`: draws a paper-cut scene for each image prompt. */
export function createOpenAi(): Hono {
	const routes = new Hono();
	routes.use(async (c, next) => {
		await next();
		c.res.headers.set('x-request-id', `req_${randomUUID().replaceAll('-', '')}`);
	});
	routes.use(async (c, next) => {
		if (!/^Bearer \S+/.test(c.req.header('authorization') ?? '')) {
			return refusal(401, 'invalid_request_error', 'invalid_api_key', 'You did not provide an API key.');
		}
		return next();
	});
	routes.post('/images/generations', async (c) => {
		const body: unknown = await c.req.json().catch(() => undefined);
		const parsed = Order.safeParse(body);
		if (!parsed.success) {
			const [issue] = parsed.error.issues;
			const field = issue?.path.join('.') || null;
			const code = field === 'model' ? 'model_not_found' : 'invalid_value';
			return refusal(400, 'invalid_request_error', code, `Invalid value: ${issue?.message ?? 'unknown'}`, field);
		}
		const order = parsed.data;
		const failure = FailureCode.safeParse(/\[emulator:(\w+)\]/.exec(order.prompt)?.[1]);
		if (failure.success) {
			const { status, type, message } = FAILURES[failure.data];
			return refusal(status, type, failure.data, message);
		}
		if (BLOCKED_WORDS.test(order.prompt)) {
			const message = 'Your request was rejected as a result of our safety system.';
			return refusal(400, 'image_generation_user_error', 'moderation_blocked', message);
		}
		return c.json(await draw(order));
	});
	routes.notFound(() => refusal(404, 'invalid_request_error', 'unknown_url', 'Unknown request URL.'));
	return routes;
}

async function draw(order: Order) {
	const size = order.size === 'auto' ? '1024x1024' : order.size;
	const [width = 1024, height = 1024] = size.split('x').map(Number);
	const pictures = Array.from({ length: order.n }, async (_, index) => {
		const drawing = sharp(Buffer.from(paperScene(order.prompt, { width, height }, index)));
		const bytes = await drawing.removeAlpha().toFormat(order.output_format).toBuffer();
		return { b64_json: bytes.toString('base64') };
	});
	const textTokens = Math.ceil(order.prompt.length / 4);
	const outputTokens = 1056 * order.n;
	return {
		created: Math.floor(Date.now() / 1000),
		background: 'opaque',
		output_format: order.output_format,
		quality: order.quality === 'auto' ? 'medium' : order.quality,
		size,
		data: await Promise.all(pictures),
		usage: {
			input_tokens: textTokens,
			output_tokens: outputTokens,
			total_tokens: textTokens + outputTokens,
			input_tokens_details: { image_tokens: 0, text_tokens: textTokens },
		},
	};
}

function refusal(status: number, type: string, code: string, message: string, param: string | null = null): Response {
	return Response.json({ error: { message, type, param, code } }, { status });
}
