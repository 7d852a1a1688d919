import { createServer } from 'node:net';

function canListen(port: number): Promise<number | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			const found = typeof address === 'object' && address !== null ? address.port : undefined;
			server.close(() => resolve(found));
		});
	});
}

/**
 * A free port on loopback: `wanted` or nothing when `wanted` is given, any otherwise. The Workers are told their origins
 * before they start, so ports are chosen here and not by the runtime.
 */
export async function freePort(wanted?: number): Promise<number> {
	const port = await canListen(wanted ?? 0);
	if (port === undefined) {
		throw new Error(`Port ${wanted ?? 0} is taken by another program. Choose another one with --port.`);
	}
	return port;
}

/** `wanted` when nobody uses it, any free port otherwise. */
export async function preferredPort(wanted: number): Promise<number> {
	return (await canListen(wanted)) ?? (await freePort());
}
