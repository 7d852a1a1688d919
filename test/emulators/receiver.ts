import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';

export interface ReceivedWebhook {
	readonly headers: Headers;
	readonly body: string;
	readonly path: string;
	readonly at: number;
}

export const WebhookBody = z.object({
	request_id: z.string(),
	gateway_request_id: z.string(),
	status: z.enum(['OK', 'ERROR']),
	error: z.string().nullish(),
	payload: z.unknown(),
	payload_error: z.string().optional(),
});

/** The caller's side of fal on loopback: serves pictures to the model and collects webhooks. */
export async function startReceiver(pictures: Record<string, Uint8Array<ArrayBuffer>> = {}) {
	const received: ReceivedWebhook[] = [];
	let answers: number[] = [];
	const app = new Hono()
		.post('/hook/*', async (c) => {
			received.push({ headers: c.req.raw.headers, body: await c.req.text(), path: c.req.path, at: Date.now() });
			return new Response(null, { status: answers.shift() ?? 204 });
		})
		.get('/pictures/:name', (c) => {
			const picture = pictures[c.req.param('name')];
			return picture ? new Response(picture) : new Response('none', { status: 404 });
		});
	const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
	await once(server, 'listening');
	const { port } = z.object({ port: z.number() }).parse(server.address());
	return {
		origin: `http://127.0.0.1:${port}`,
		received,
		/** The next webhooks get these statuses, then 204 again. */
		answerNext(...statuses: number[]) {
			answers = statuses;
		},
		/** The webhooks once there are at least `count`; fails after ten seconds. */
		async webhooks(count: number): Promise<ReceivedWebhook[]> {
			const deadline = Date.now() + 10_000;
			while (received.length < count) {
				if (Date.now() > deadline) throw new Error(`Only ${received.length} of ${count} webhooks came.`);
				await new Promise((resolve) => setTimeout(resolve, 10));
			}
			return received;
		},
		clear() {
			received.length = 0;
			answers = [];
		},
		async close() {
			const closed = once(server, 'close');
			server.close();
			if ('closeAllConnections' in server) server.closeAllConnections();
			await closed;
		},
	};
}
