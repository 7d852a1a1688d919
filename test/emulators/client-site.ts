import { once } from 'node:events';
import { createServer } from 'node:http';
import { chromium, type Browser } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../../scripts/checks/chromium';

export interface Arrival {
	readonly method: string;
	readonly path: string;
	readonly form: Record<string, string>;
	readonly cookie: string;
}

/** A site that sends people to the stand-ins, in a real browser: it sets cookies, shows pages and notes who comes back. */
export async function startClientSite() {
	const pages = new Map<string, string>();
	const arrivals: Arrival[] = [];
	const server = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += String(chunk);
		const { pathname: path, search } = new URL(request.url ?? '/', 'http://client.test');
		const sent = request.method === 'POST' ? body : search;
		if (path === '/back') {
			const form = Object.fromEntries(new URLSearchParams(sent));
			arrivals.push({ method: request.method ?? '', path, form, cookie: request.headers.cookie ?? '' });
		}
		response.setHeader('content-type', 'text/html; charset=utf-8');
		response.setHeader('set-cookie', 'lax=1; SameSite=Lax; Path=/');
		response.end(pages.get(path) ?? '<!doctype html><title>Client</title><h1>Back</h1>');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = z.object({ port: z.number() }).parse(server.address());
	const browser: Browser = await chromium.launch({
		executablePath: await findChromium(),
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
	});
	return {
		origin: `http://127.0.0.1:${port}`,
		browser,
		arrivals,
		/** From now on this path shows this page. */
		show(path: string, page: string): void {
			pages.set(path, page);
		},
		async close(): Promise<void> {
			await browser.close();
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
