import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import type { OnEvent } from './events';
import { createFaceMesh } from './face-mesh/face-mesh';
import { createFal, type FalControl } from './fal/fal';
import type { FalFaultsInput } from './fal/faults';
import { onlyLoopbackHost } from './loopback';

export interface Emulators {
	/** `http://127.0.0.1:{port}`; each processor has a path of its own below it. */
	readonly origin: string;
	readonly fal: FalControl;
	/** Stops what runs and frees the port. */
	close(): Promise<void>;
}

/** Starts the stand-ins for every outside processor on one loopback port; 0 takes a free one. */
export async function startEmulators(
	options: { port?: number; faults?: FalFaultsInput; onEvent?: OnEvent } = {},
): Promise<Emulators> {
	const { port = 0, faults = {}, onEvent = () => undefined } = options;
	const stop = new AbortController();
	let origin = '';
	const fal = createFal({
		faceMesh: await createFaceMesh(),
		originOf: () => origin,
		faults,
		stop: stop.signal,
		onEvent,
	});
	const app = new Hono()
		.use(onlyLoopbackHost)
		.get('/healthz', (c) => c.json({ ok: true }))
		.route('/fal', fal.routes);

	const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
	await once(server, 'listening');
	origin = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
	return {
		origin,
		fal: fal.control,
		async close() {
			stop.abort();
			fal.control.reset();
			const closed = once(server, 'close');
			server.close();
			if ('closeAllConnections' in server) server.closeAllConnections();
			await closed;
		},
	};
}
