import { Hono } from 'hono';
import { z } from 'zod';

/** The key and the project of this machine's DSN. */
export const LOCAL_SENTRY = { key: '0123456789abcdef0123456789abcdef', project: '1' } as const;

const Header = z.looseObject({ event_id: z.string().regex(/^[0-9a-f]{32}$/), sent_at: z.iso.datetime() });

export interface ReceivedEnvelope {
	/** As it came, for whoever looks for something in all of it. */
	readonly raw: string;
	/** The items' payloads. */
	readonly items: readonly { readonly type: string; readonly payload: unknown }[];
}

/** The hand on Sentry, for tests and for `/control`. */
export interface SentryControl {
	envelopes(): readonly ReceivedEnvelope[];
	reset(): void;
}

/** `http://{key}@127.0.0.1:{port}/sentry/{project}`, for an emulators' origin. */
export function localDsn(emulators: string): string {
	const { protocol, host } = new URL(emulators);
	return `${protocol}//${LOCAL_SENTRY.key}@${host}/sentry/${LOCAL_SENTRY.project}`;
}

/** Stands for an ingest host of Sentry's: takes envelopes and keeps them. */
export function createSentry(): { routes: Hono; control: SentryControl } {
	let envelopes: ReceivedEnvelope[] = [];
	const routes = new Hono().post('/api/:project/envelope/', async (c) => {
		if (c.req.query('sentry_key') !== LOCAL_SENTRY.key || c.req.param('project') !== LOCAL_SENTRY.project) {
			return c.json({ detail: 'bad sentry DSN public key' }, 403);
		}
		const raw = await c.req.text();
		const envelope = readEnvelope(raw);
		if (envelope === null) return c.json({ detail: 'invalid event envelope' }, 400);
		envelopes.push({ raw, items: envelope.items });
		return c.json({ id: envelope.id });
	});
	return {
		routes,
		control: {
			envelopes: () => envelopes,
			reset: () => {
				envelopes = [];
			},
		},
	};
}

function readEnvelope(raw: string): { id: string; items: ReceivedEnvelope['items'] } | null {
	try {
		const [first = '', ...lines] = raw.split('\n').filter((line) => line !== '');
		const { event_id: id } = Header.parse(JSON.parse(first));
		const items: { type: string; payload: unknown }[] = [];
		for (let at = 0; at < lines.length; at += 2) {
			const { type } = z.looseObject({ type: z.string() }).parse(JSON.parse(lines[at] ?? ''));
			items.push({ type, payload: JSON.parse(lines[at + 1] ?? '') });
		}
		return { id, items };
	} catch {
		return null;
	}
}
