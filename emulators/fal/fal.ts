import { Hono } from 'hono';
import type { OnEvent } from '../events';
import type { Kept } from '../kept';
import type { FaceMesh } from '../face-mesh/face-mesh';
import { editSmile } from './edit-smile';
import { createFaultSwitches, type FalFaults, type FalFaultsInput } from './faults';
import { createFileStore } from './file-store';
import { filmTransition } from './film-transition';
import { queueRoutes } from './queue-routes';
import { createRequestStore, type FalRequest, type RequestState, type WebhookDelivery } from './request-store';
import { createRunner } from './runner';
import { createSigningKey } from './signing-key';
import { createWebhookSender } from './webhooks';

/** What fal was asked and what became of it, without the caller's key. */
export interface SeenRequest {
	readonly id: string;
	readonly endpoint: string;
	readonly state: RequestState;
	/** GET result's status once there is one: 200, or how it failed. */
	readonly status: number | null;
	readonly headers: Readonly<Record<string, string>>;
	readonly input: unknown;
	readonly webhookUrl: string | null;
	readonly submittedAt: string;
	readonly deliveries: readonly WebhookDelivery[];
	readonly payloadsDeleted: boolean;
}

/** The hand on fal's switches, for tests and for `/control`. */
export interface FalControl {
	faults(): FalFaults;
	/** Changes the named switches and leaves the others. Throws on what it does not know. */
	set(change: FalFaultsInput): FalFaults;
	/** Every request, the oldest first. */
	requests(): SeenRequest[];
	/** Forgets requests and files, stops what runs, and puts the switches back to where they stood at the start. */
	reset(): void;
}

/** Stands for fal.ai: queue, webhooks, keys, result files and the deletion of payloads. */
export function createFal(options: {
	readonly faceMesh: FaceMesh;
	readonly originOf: () => string;
	readonly faults: FalFaultsInput;
	readonly stop: AbortSignal;
	readonly onEvent: OnEvent;
}): { routes: Hono; control: FalControl; kept: Kept } {
	const { faceMesh, originOf, stop, onEvent } = options;
	const faults = createFaultSwitches(options.faults);
	const files = createFileStore(originOf);
	const dropFiles = (request: FalRequest) => request.fileIds.forEach((id) => files.delete(id));
	const store = createRequestStore(dropFiles);
	const key = createSigningKey();
	const webhooks = createWebhookSender(key, faults, stop, onEvent);
	const runner = createRunner({ faults, files, webhooks, onEvent });
	const models = new Map([editSmile(faceMesh), filmTransition(faceMesh)].map((model) => [model.endpoint, model]));

	const platform = new Hono().delete('/requests/:id/payloads', (c) => {
		if (!/^Key \S+/.test(c.req.header('authorization') ?? ''))
			return c.json({ detail: 'Authentication is required.' }, 401);
		const request = store.get(c.req.param('id'));
		if (!request) return c.json({ detail: 'Request not found' }, 404);
		dropFiles(request);
		request.input = null;
		// How it ended stays in fal's own books, and what came out does not.
		if (request.outcome !== undefined) request.outcome = { ...request.outcome, body: null };
		request.logs = [];
		request.payloadsDeleted = true;
		return c.body(null, 204);
	});
	const routes = new Hono()
		.route('/queue', queueRoutes({ models, store, runner, faults, originOf }))
		.route('/files', files.routes)
		.get('/rest/.well-known/jwks.json', (c) => c.json(key.jwks, 200, { 'cache-control': 'public, max-age=86400' }))
		// The version is part of fal's base address, so a caller's base address may or may not end in it.
		.route('/api/v1/models', platform)
		.route('/api/models', platform);
	const control: FalControl = {
		faults: () => faults.current(),
		set: (change) => faults.set(change),
		requests: () => store.all().map(seen),
		reset() {
			store.clear();
			files.clear();
			faults.reset();
		},
	};
	return { routes, control, kept: () => ({ requests: store.all(), files: files.all() }) };
}

function seen(request: FalRequest): SeenRequest {
	const { id, endpoint, state, outcome, headers, input, webhookUrl, submittedAt, deliveries, payloadsDeleted } =
		request;
	return {
		id,
		endpoint,
		state,
		status: outcome?.status ?? null,
		headers,
		input,
		webhookUrl: webhookUrl ?? null,
		submittedAt,
		deliveries: [...deliveries],
		payloadsDeleted,
	};
}
