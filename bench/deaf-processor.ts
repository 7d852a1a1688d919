import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { devNull } from 'node:os';

import { z } from 'zod';

import { startEmulatorProcess } from '../scripts/start/emulator-process';

export interface DeafProcessor {
	readonly origin: string;
	close(): Promise<void>;
}

/** Where orders go to be made. */
const DEAF = /^\/(?:fal|openai)\//;

/**
 * Stands where the emulators stand, and passes on to them what an edge needs to start. Where pictures and films are made it never
 * answers: orders are taken and queued while no render takes the machine's time away from what is measured.
 */
export async function startDeafProcessor(): Promise<DeafProcessor> {
	const emulators = await startEmulatorProcess(createWriteStream(devNull));
	const server = createServer((incoming, outgoing) => {
		if (!DEAF.test(incoming.url ?? '')) passOn(emulators.origin, incoming, outgoing);
	});
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
			await emulators.close();
		},
	};
}

function passOn(origin: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
	const { method, url = '/', headers } = incoming;
	const passed = request(new URL(url, origin), { method, headers }, (answer) => {
		outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(outgoing);
	});
	passed.once('error', () => outgoing.destroy());
	incoming.pipe(passed);
}
