import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { isLoopback } from '../loopback';
import { type FailureKind, failureOutcome, isSubmitKind } from './failures';
import type { FaultSwitches } from './faults';
import type { Model } from './model';
import type { FalRequest, RequestStore } from './request-store';
import { promptOf, type Runner } from './runner';

type QueueEnv = { Bindings: HttpBindings };

/** `{endpoint}/requests/{id}` and what is asked of it; the endpoint may be shortened to its first two segments. */
const REQUEST_PATH = /^(.+)\/requests\/([^/]+)(\/status\/stream|\/status|\/cancel)?$/;

/** How often the status stream looks; fal's own client polls at twice this. */
const STREAM_EVERY_MS = 250;
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** Headers that say how the caller wants its request treated; the rest, above all the key, is nobody's business. */
const KEPT_HEADERS = /^(x-fal-|x-app-fal-|user-agent$|content-type$|accept$)/;

/** Stands for `queue.fal.run`: submit, status, result and cancel. */
export function queueRoutes(queue: {
	readonly models: ReadonlyMap<string, Model>;
	readonly store: RequestStore;
	readonly runner: Runner;
	readonly faults: FaultSwitches;
	readonly originOf: () => string;
}): Hono<QueueEnv> {
	const { models, store, runner, faults, originOf } = queue;
	const routes = new Hono<QueueEnv>();

	routes.use(async (c, next) => {
		if (!/^Key \S+/.test(c.req.header('authorization') ?? '')) {
			return c.json({ detail: 'Authentication is required to access this application.' }, 401);
		}
		return next();
	});

	routes.post('/*', async (c) => {
		const endpoint = pathOf(c);
		const model = models.get(endpoint);
		if (!model) return c.json({ detail: `Application "${endpoint.split('/')[1] ?? endpoint}" not found` }, 404);
		if (Number(c.req.header('content-length') ?? 0) > BODY_BYTES_MAX)
			return c.json({ detail: 'Payload too large' }, 413);
		const input: unknown = await c.req.json().catch(() => undefined);
		if (input === undefined) return c.json({ detail: 'The body is not JSON.' }, 400);
		const webhookUrl = c.req.query('fal_webhook');
		if (webhookUrl !== undefined && !isLoopback(webhookUrl)) {
			return c.json({ detail: 'This stand-in sends webhooks to loopback addresses only.' }, 422);
		}

		const prompt = promptOf(input);
		const failure = faults.takeFailure(endpoint, prompt, isSubmitKind);
		const refused = refuseSubmit(c, failure);
		if (refused) return refused;

		const request = requestOf(endpoint, input, webhookUrl, c.req.raw.headers);
		store.add(request);
		const position = runner.positionOf(request);
		const mode = faults.webhookMode(prompt);
		const whole = runner.run(request, model);
		if (failure === 'submit_reset_after_start') return reset(c);
		if (mode === 'before_submit_returns') await whole;
		return c.json({ ...linksOf(request, originOf()), status: 'IN_QUEUE', queue_position: position });
	});

	routes.get('/*', (c) => {
		const asked = REQUEST_PATH.exec(pathOf(c));
		const request = asked && findRequest(store, asked[1], asked[2]);
		if (!asked || !request) return c.json({ detail: 'Request not found' }, 404);
		if (asked[3] === '/status') {
			const status = statusOf(request, runner, originOf(), c.req.query('logs') === '1');
			return c.json(status, request.state === 'COMPLETED' ? 200 : 202);
		}
		if (asked[3] === '/status/stream') {
			return streamSSE(c, async (stream) => {
				for (;;) {
					await stream.writeSSE({ data: JSON.stringify(statusOf(request, runner, originOf(), true)) });
					if (request.state === 'COMPLETED' || stream.aborted) return;
					await stream.sleep(STREAM_EVERY_MS);
				}
			});
		}
		return resultOf(request);
	});

	routes.put('/*', (c) => {
		const asked = REQUEST_PATH.exec(pathOf(c));
		const request = asked && findRequest(store, asked[1], asked[2]);
		if (!asked || !request || asked[3] !== '/cancel') return c.json({ status: 'NOT_FOUND' }, 404);
		if (request.state === 'COMPLETED') return c.json({ status: 'ALREADY_COMPLETED' }, 400);
		request.stop.abort(new Error('The caller cancelled the request.'));
		return c.json({ status: 'CANCELLATION_REQUESTED' }, 202);
	});
	return routes;
}

/** The answer of a submit that fails before a job starts, or nothing when one starts. */
function refuseSubmit(c: Context<QueueEnv>, failure: FailureKind | undefined): Response | undefined {
	if (failure === 'submit_reset_before_start') return reset(c);
	if (failure === 'rate_limited') {
		return c.json({ detail: 'Too many requests' }, 429, { 'retry-after': '1', 'x-fal-retryable': 'true' });
	}
	if (failure !== 'submit_unavailable') return undefined;
	const { status, body, headers } = failureOutcome('runner_scheduling_failure');
	return Response.json(body, { status, headers });
}

/** The path below the mount point: `owner/alias/…`. */
function pathOf(c: Context<QueueEnv>): string {
	return c.req.path.replace(/^\/fal\/queue\//, '');
}

function requestOf(endpoint: string, input: unknown, webhookUrl: string | undefined, headers: Headers): FalRequest {
	return {
		id: randomUUID(),
		endpoint,
		headers: Object.fromEntries([...headers].filter(([name]) => KEPT_HEADERS.test(name))),
		webhookUrl,
		submittedAt: new Date().toISOString(),
		stop: new AbortController(),
		input,
		state: 'IN_QUEUE',
		logs: [],
		outcome: undefined,
		seconds: 0,
		payloadsDeleted: false,
		fileIds: [],
		deliveries: [],
	};
}

function findRequest(store: RequestStore, path: string | undefined, id: string | undefined): FalRequest | undefined {
	const request = store.get(id ?? '');
	return request && (path === request.endpoint || path === shortOf(request.endpoint)) ? request : undefined;
}

function shortOf(endpoint: string): string {
	return endpoint.split('/').slice(0, 2).join('/');
}

function linksOf(request: FalRequest, origin: string) {
	const address = `${origin}/fal/queue/${shortOf(request.endpoint)}/requests/${request.id}`;
	return {
		request_id: request.id,
		gateway_request_id: request.id,
		response_url: address,
		status_url: `${address}/status`,
		cancel_url: `${address}/cancel`,
	};
}

function statusOf(request: FalRequest, runner: Runner, origin: string, hasLogs: boolean) {
	const common = { ...linksOf(request, origin), status: request.state };
	if (request.state === 'IN_QUEUE') return { ...common, queue_position: runner.positionOf(request) };
	const logs = hasLogs ? request.logs : null;
	if (request.state === 'IN_PROGRESS') return { ...common, logs };
	return { ...common, logs, metrics: { inference_time: request.seconds } };
}

function resultOf({ id, outcome, payloadsDeleted }: FalRequest): Response {
	if (payloadsDeleted) return Response.json({ detail: 'Request not found' }, { status: 404 });
	if (!outcome) return Response.json({ detail: 'Request is still in progress' }, { status: 400 });
	const headers = { 'x-fal-request-id': id, ...outcome.headers };
	return Response.json(outcome.body, { status: outcome.status, headers });
}

/** Cuts the connection without a word, as a network does. */
function reset(c: Context<QueueEnv>): Response {
	c.env.incoming.socket.resetAndDestroy();
	return RESPONSE_ALREADY_SENT;
}
