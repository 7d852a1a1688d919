import { once } from 'node:events';

import { Hono } from 'hono';
import { z } from 'zod';

import { createFailNext, type Failure, failureSchema } from '../fail-next';
import { LOCAL_META } from './account';

/** How Graph fails: trouble of its own, too many calls, a token that ended, or no answer until the stand-in stops. */
export const META_FAILURES = ['unavailable', 'rate_limited', 'token_ended', 'hang'] as const;
export type MetaFailure = (typeof META_FAILURES)[number];
export const MetaFailureInput = failureSchema(META_FAILURES);

const OLDEST_SECONDS = 7 * 86_400;
const EVENTS_MAX = 1000;

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Event = z
	.object({
		event_name: z.string().min(1),
		event_time: z.int(),
		event_id: z.string().optional(),
		event_source_url: z.url().optional(),
		action_source: z.enum(['website', 'system_generated']),
		data_processing_options: z.array(z.string()).default([]),
		data_processing_options_country: z.number().optional(),
		data_processing_options_state: z.number().optional(),
		user_data: z.looseObject({
			em: z.array(Hash).optional(),
			external_id: z.array(Hash).optional(),
			client_user_agent: z.string().optional(),
		}),
		custom_data: z.looseObject({ currency: z.string().optional(), value: z.number().optional() }).optional(),
	})
	.refine(
		({ action_source: source, event_source_url: url, user_data: user }) =>
			source !== 'website' || (url !== undefined && user.client_user_agent !== undefined),
	);
export type MetaEventReceived = z.output<typeof Event>;

const Body = z.looseObject({ data: z.array(z.unknown()).min(1).max(EVENTS_MAX), access_token: z.string().optional() });

/** The hand on Meta, for tests and for `/control`. */
export interface MetaControl {
	/** Every event that was taken, the oldest first. */
	events(): readonly MetaEventReceived[];
	/** How many requests came, taken or not. */
	requests(): number;
	failNext(failure: Failure<MetaFailure>): void;
	reset(): void;
}

/** Stands for graph.facebook.com's Conversions API. One event of more than seven days fails the whole request, as there. */
export function createMeta(options: { readonly stop: AbortSignal; readonly now?: () => number }): {
	routes: Hono;
	control: MetaControl;
} {
	const { stop, now = Date.now } = options;
	const failures = createFailNext<MetaFailure>();
	let events: MetaEventReceived[] = [];
	let requests = 0;
	const routes = new Hono().post('/:version{v[0-9]+\\.[0-9]+}/:pixel/events', async (c) => {
		requests += 1;
		const failure = failures.take(...META_FAILURES);
		if (failure === 'hang') {
			await once(AbortSignal.any([stop, c.req.raw.signal]), 'abort');
			// Nobody waits for it any more, and nothing was taken.
			return c.body(null, 503);
		}
		if (failure === 'unavailable')
			return graphError(500, { code: 2, message: 'Service temporarily unavailable' }, true);
		if (failure === 'rate_limited')
			return graphError(400, { code: 4, message: 'Application request limit reached' }, true);
		if (failure === 'token_ended')
			return graphError(400, { code: 190, error_subcode: 463, message: 'Session has expired' });
		const body = Body.safeParse(await c.req.json().catch(() => undefined));
		const token = c.req.query('access_token') ?? body.data?.access_token;
		if (token === undefined || token === '') {
			return graphError(401, { code: 2500, message: 'An active access token must be used.' });
		}
		if (token !== LOCAL_META.accessToken) return graphError(401, { code: 190, message: 'Invalid OAuth access token.' });
		if (c.req.param('pixel') !== LOCAL_META.pixelId) {
			return graphError(400, {
				code: 100,
				error_subcode: 33,
				message: 'Unsupported post request. Object does not exist.',
			});
		}
		const parsed = body.success ? z.array(Event).safeParse(body.data.data) : undefined;
		if (parsed?.success !== true)
			return graphError(400, { code: 100, error_subcode: 2804019, message: 'Invalid parameter' });
		const nowSeconds = Math.floor(now() / 1000);
		if (parsed.data.some(({ event_time: at }) => nowSeconds - at > OLDEST_SECONDS)) {
			return graphError(400, { code: 100, error_subcode: 2804003, message: 'Invalid parameter' });
		}
		events.push(...parsed.data);
		return c.json({ events_received: parsed.data.length, messages: [], fbtrace_id: trace() });
	});
	return {
		routes,
		control: {
			events: () => events,
			requests: () => requests,
			failNext: (failure) => failures.add(failure),
			reset() {
				events = [];
				requests = 0;
				failures.reset();
			},
		},
	};
}

function graphError(
	status: number,
	error: { code: number; error_subcode?: number; message: string },
	isTransient = false,
): Response {
	const body = { ...error, type: 'OAuthException', is_transient: isTransient, fbtrace_id: trace() };
	return Response.json({ error: body }, { status });
}

function trace(): string {
	return `A${crypto.randomUUID().replaceAll('-', '').slice(0, 22)}`;
}
