import { readFileSync } from 'node:fs';

import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { z } from 'zod';

/** What the stand-ins are configured with on this machine. */
export const LOCAL_TRACKERS = {
	clarityId: 'local0clarity',
	umamiWebsiteId: '3f1c7d3e-6f57-4b8f-9a55-0d2a5b1c9e10',
} as const;

/** One thing that a tracker was told. */
export interface TrackerHit {
	/** The host that it was meant for. */
	readonly host: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	readonly body: unknown;
	readonly headers: Readonly<Record<string, string>>;
}

/** The hand on the trackers, for tests and for `/control`. */
export interface TrackersControl {
	hits(): readonly TrackerHit[];
	reset(): void;
}

const PIXEL = Uint8Array.from(atob('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='), (letter) =>
	letter.charCodeAt(0),
);
const Sent = z.looseObject({
	type: z.enum(['event', 'identify', 'performance']),
	payload: z.looseObject({ website: z.string() }),
});

/**
 * Stands for what trackers serve to browsers: their scripts, and where those tell what they saw. Each host is a folder:
 * `/connect.facebook.net/en_US/fbevents.js`.
 */
export function createTrackers(): { routes: Hono; control: TrackersControl } {
	let hits: TrackerHit[] = [];
	const scripts = {
		meta: readScript('fbevents.js'),
		clarity: readScript('clarity.js'),
		umami: readScript('umami.js'),
	};
	const keep = (host: string, request: Request, body: unknown): void => {
		const url = new URL(request.url);
		const path = url.pathname.slice(url.pathname.indexOf(`/${host}/`) + host.length + 1);
		hits.push({
			host,
			path,
			query: Object.fromEntries(url.searchParams),
			body,
			headers: Object.fromEntries(request.headers),
		});
	};
	const routes = new Hono()
		.use(cors({ origin: '*' }))
		.get('/connect.facebook.net/en_US/fbevents.js', () => scripts.meta())
		.get('/www.facebook.com/tr/', (c) => {
			keep('www.facebook.com', c.req.raw, null);
			return c.body(PIXEL, 200, { 'content-type': 'image/gif', 'cache-control': 'no-store' });
		})
		.get('/www.clarity.ms/tag/:id', (c) =>
			c.req.param('id') === LOCAL_TRACKERS.clarityId ? scripts.clarity() : c.text('', 404),
		)
		.post('/k.clarity.ms/collect', async (c) => {
			keep('k.clarity.ms', c.req.raw, JSON.parse(await c.req.text()));
			return c.body(null, 204);
		})
		.get('/cloud.umami.is/script.js', () => scripts.umami())
		.post('/cloud.umami.is/api/send', async (c) => {
			const sent = Sent.safeParse(await c.req.json().catch(() => undefined));
			const isKnown = sent.success && sent.data.payload.website === LOCAL_TRACKERS.umamiWebsiteId;
			if (!isKnown) return c.json({ error: 'Website not found.' }, 400);
			// Umami leaves out programs, and a request without a browser's name.
			if (!/Mozilla/.test(c.req.header('user-agent') ?? '')) return c.json({ beep: 'boop' });
			keep('cloud.umami.is', c.req.raw, sent.data);
			return c.json({ cache: 'token', sessionId: crypto.randomUUID(), visitId: crypto.randomUUID() });
		});
	return {
		routes,
		control: {
			hits: () => hits,
			reset: () => {
				hits = [];
			},
		},
	};
}

function readScript(name: string): () => Response {
	const source = readFileSync(new URL(name, import.meta.url), 'utf8');
	return () =>
		new Response(source, {
			headers: { 'content-type': 'text/javascript; charset=utf-8', 'access-control-allow-origin': '*' },
		});
}
