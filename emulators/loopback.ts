import { createMiddleware } from 'hono/factory';

/** Whether the address stays on this machine. The stand-ins speak to nothing else, whatever they are asked to fetch. */
export function isLoopback(address: string): boolean {
	if (!URL.canParse(address)) return false;
	const { hostname, protocol } = new URL(address);
	const local = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
	return local && (protocol === 'http:' || protocol === 'https:');
}

/** Refuses requests that name another host: a page on the web that points its own name at 127.0.0.1 gets no further. */
export const onlyLoopbackHost = createMiddleware(async (c, next) => {
	if (!isLoopback(`http://${c.req.header('host') ?? ''}`)) {
		return c.json({ detail: 'These stand-ins answer on loopback only.' }, 403);
	}
	return next();
});
