import { setTimeout as wait } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { StripeAccount } from '../clients';
import type { EventLog } from '../webhooks/event-log';
import { API_VERSION, type World } from '../world';
import { authenticate } from './authentication';
import { errorBody, invalid, type Refusal, StripeRefusal } from './errors';
import { expand } from './expand';
import type { Failures, StripeFailure } from './failures';
import { type FormRecord, parseForm } from './form-body';
import type { IdempotencyKeys, SavedAnswer } from './idempotency';
import type { Operation } from './operation';
import type { LoggedRequest, RequestLog } from './request-log';

type ApiEnv = { Bindings: HttpBindings };

export interface ApiParts {
	readonly world: World;
	readonly account: StripeAccount;
	readonly events: Pick<EventLog, 'during'>;
	readonly failures: Failures;
	readonly requests: RequestLog;
	readonly keys: IdempotencyKeys;
	readonly stop: AbortSignal;
}

/** Answers `/v1/*` with these operations as api.stripe.com does: key, idempotency, errors, expansion, headers. */
export function apiRoutes(parts: ApiParts, operations: readonly Operation[]): Hono<ApiEnv> {
	const routes = new Hono<ApiEnv>();
	for (const operation of operations) {
		routes.on(operation.method, operation.path, (c) => answerCall(parts, c, operation));
	}
	return routes.all('/v1/*', (c) => answerCall(parts, c, unknownUrl(c.req.method, c.req.path)));
}

async function answerCall(parts: ApiParts, c: Context<ApiEnv>, operation: Operation): Promise<Response> {
	const call = await readCall(parts, c);
	const failure = parts.failures.take(call.logged);
	if (failure?.kind === 'timeout') await hang(c, parts.stop);
	if (failure?.kind === 'timeout' || failure?.kind === 'reset') return cut(c);
	const run = () => (failure?.kind === 'status' ? fail(failure) : operation.run(call.fields, c.req.param('id') ?? ''));
	const answer = await answerOnce(parts, c, call, run, failure);
	if (failure?.kind === 'after') return cut(c);
	call.logged.status = answer.status;
	const headers: Record<string, string> = {
		'content-type': 'application/json',
		'request-id': call.logged.id,
		'stripe-version': c.req.header('stripe-version') ?? API_VERSION,
	};
	if (call.logged.idempotencyKey !== undefined) headers['idempotency-key'] = call.logged.idempotencyKey;
	if (call.logged.isReplay) {
		headers['idempotent-replayed'] = 'true';
		headers['original-request'] = answer.requestId;
	}
	if (answer.status === 401) headers['www-authenticate'] = 'Basic realm="Stripe"';
	if (answer.status === 429) headers['stripe-rate-limited-reason'] = 'global-rate';
	return new Response(answer.body, { status: answer.status, headers });
}

interface Call {
	readonly logged: LoggedRequest;
	/** Without `expand`. */
	readonly fields: FormRecord;
	readonly expandPaths: readonly string[];
	/** The reason why the parameters cannot be read. */
	readonly unreadable: StripeRefusal | undefined;
}

const ExpandPaths = z.object({ expand: z.array(z.string()).default([]) });

async function readCall({ world, requests }: ApiParts, c: Context<ApiEnv>): Promise<Call> {
	const { method } = c.req;
	const query = new URL(c.req.url).search.slice(1);
	const body = method === 'POST' || method === 'DELETE' ? await c.req.text() : '';
	const params = parseForm([query, body].filter((part) => part !== '').join('&'));
	const logged: LoggedRequest = {
		id: world.ids.next('req'),
		method,
		path: c.req.path.slice(c.req.path.indexOf('/v1/')),
		idempotencyKey: c.req.header('idempotency-key'),
		params: params ?? {},
		at: new Date().toISOString(),
		status: undefined,
		isReplay: false,
	};
	requests.add(logged);
	const { expand: _, ...fields } = logged.params;
	if (!params) return { logged, fields, expandPaths: [], unreadable: invalid('Invalid encoding of parameters.') };
	const paths = ExpandPaths.safeParse(params);
	if (paths.success) return { logged, fields, expandPaths: paths.data.expand, unreadable: undefined };
	return { logged, fields, expandPaths: [], unreadable: invalid('Invalid array', { param: 'expand' }) };
}

/** Carries the call out, or repeats what its idempotency key was answered before. */
async function answerOnce(
	parts: ApiParts,
	c: Context<ApiEnv>,
	{ logged, expandPaths, unreadable }: Call,
	run: () => object,
	failure: StripeFailure | undefined,
): Promise<SavedAnswer> {
	const { world, events, keys } = parts;
	const requestId = logged.id;
	const refused = ({ refusal }: StripeRefusal): SavedAnswer => ({
		status: refusal.status,
		body: JSON.stringify(errorBody(refusal, requestId), null, 2),
		requestId,
	});
	const key = logged.method === 'POST' ? logged.idempotencyKey : undefined;
	try {
		authenticate(c.req.raw, parts.account);
		if (unreadable) throw unreadable;
		const saved =
			key === undefined ? undefined : keys.begin({ key, path: logged.path, params: JSON.stringify(logged.params) });
		if (saved) {
			logged.isReplay = true;
			return saved;
		}
	} catch (error) {
		if (error instanceof StripeRefusal) return refused(error);
		throw error;
	}
	let answer: SavedAnswer | undefined;
	let isKept = true;
	try {
		const done = events.during({ id: requestId, idempotency_key: logged.idempotencyKey ?? null }, run);
		answer = { status: 200, body: JSON.stringify(expand(world.store, done, expandPaths), null, 2), requestId };
	} catch (error) {
		if (!(error instanceof StripeRefusal)) throw error;
		answer = refused(error);
		isKept = wasCarriedOut(error.refusal);
	} finally {
		if (answer && failure?.kind === 'slow') await pause(failure.delayMs, parts.stop);
		if (key !== undefined) keys.end(key, isKept ? answer : undefined);
	}
	return answer;
}

const NOT_CARRIED_OUT_CODES = [
	'parameter_unknown',
	'parameter_missing',
	'parameter_invalid_empty',
	'parameter_invalid_integer',
];

/** Stripe keeps an answer from where it began to work: not what failed validation, was too much, or met no server. */
function wasCarriedOut({ status, code }: Refusal): boolean {
	if (status === 401 || status === 409 || status === 429 || status > 500) return false;
	return code === undefined || !NOT_CARRIED_OUT_CODES.includes(code);
}

function fail({ status }: StripeFailure): never {
	const message = `The stand-in was told to answer ${status}.`;
	if (status === 429) throw new StripeRefusal({ status, type: 'rate_limit_error', code: 'rate_limit', message });
	if (status === 402) throw new StripeRefusal({ status, type: 'card_error', code: 'card_declined', message });
	throw new StripeRefusal({ status, type: status < 500 ? 'invalid_request_error' : 'api_error', message });
}

function unknownUrl(method: string, path: string): Operation {
	const message = `Unrecognized request URL (${method}: ${path}). The stand-in does not know it.`;
	const run = () => {
		throw new StripeRefusal({ status: 404, type: 'invalid_request_error', message });
	};
	return { method: 'GET', path, run };
}

/** Until the caller goes away or the stand-in stops. */
async function hang(c: Context<ApiEnv>, stop: AbortSignal): Promise<void> {
	const gone = new AbortController();
	c.env.incoming.socket.once('close', () => gone.abort());
	const HOUR_MS = 3_600_000;
	await pause(HOUR_MS, AbortSignal.any([stop, gone.signal]));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	// Being stopped ends the pause; nothing is left to do then.
	await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Cuts the connection without a word, as a network does. */
function cut(c: Context<ApiEnv>): Response {
	c.env.incoming.socket.resetAndDestroy();
	return RESPONSE_ALREADY_SENT;
}
