import { once } from 'node:events';
import { createServer } from 'node:http';

import { z } from 'zod';

export interface DeafProcessor {
	readonly origin: string;
	close(): Promise<void>;
}

/**
 * Stands where the processors' emulators stand and never answers: orders are taken and queued while no render takes
 * the machine's time away from what is measured.
 */
export async function startDeafProcessor(): Promise<DeafProcessor> {
	const server = createServer(() => undefined);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = z.object({ port: z.number() }).parse(server.address());
	return {
		origin: `http://127.0.0.1:${port}`,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
