import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { z } from 'zod';

export interface WireRequest {
	method: string;
	/** With its query. */
	path: string;
	headers: IncomingHttpHeaders;
	body: string;
}

export type Answer = (response: ServerResponse, request: WireRequest) => void;

/** A processor on loopback: answers what the test says to each `METHOD /path`, and keeps what it was asked. */
export async function startWireServer() {
	const seen: WireRequest[] = [];
	const routes = new Map<string, Answer>();
	const server = createServer((incoming, response) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			const { method = '', url = '', headers } = incoming;
			const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
			seen.push(request);
			const answer = routes.get(`${method} ${url.split('?')[0]}`) ?? json(404, { detail: 'Request not found' });
			answer(response, request);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = z.object({ port: z.number() }).parse(server.address());
	return {
		origin: `http://127.0.0.1:${port}`,
		host: `127.0.0.1:${port}`,
		seen,
		on: (route: string, answer: Answer) => routes.set(route, answer),
		reset: () => {
			seen.length = 0;
			routes.clear();
		},
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
	return (response) => {
		response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
	};
}

/** Cuts the connection without a word, as a network does. */
export const reset: Answer = (response) => {
	response.socket?.resetAndDestroy();
};
