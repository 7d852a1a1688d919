import { z } from 'zod';
import { found, newestFirst } from '../store';
import { randomLetters } from '../wire/ids';
import { listOperation, type Operation, operation } from '../wire/operation';
import { bool, clearable, mergeMetadata, metadata, text } from '../wire/params';
import type { WebhookEndpoint } from '../wire/stored';
import type { World } from '../world';

const url = text.regex(/^https?:\/\/[^/]/, 'Invalid URL: An explicit scheme (such as https) must be provided.');

const creation = {
	api_version: text.optional(),
	description: clearable(text).optional(),
	enabled_events: z.array(text).min(1),
	metadata: metadata.optional(),
	url,
};
const update = {
	description: clearable(text).optional(),
	disabled: bool.optional(),
	enabled_events: z.array(text).min(1).optional(),
	metadata: metadata.optional(),
	url: url.optional(),
};

/** The secret is shown once, in the answer that creates the endpoint. */
export function webhookEndpointOperations(world: World, secrets: EndpointSecrets): Operation[] {
	const { store } = world;
	const find = (id: string) => found(store.webhookEndpoints, 'webhook endpoint', id);
	return [
		operation('POST', '/v1/webhook_endpoints', creation, (params) => {
			const endpoint = addEndpoint(world, params);
			return { ...endpoint, secret: secrets.give(endpoint.id) };
		}),
		operation('GET', '/v1/webhook_endpoints/:id', {}, (_, id) => find(id)),
		operation('POST', '/v1/webhook_endpoints/:id', update, ({ disabled, ...params }, id) => {
			const endpoint = find(id);
			const defined = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
			const merged = mergeMetadata(endpoint.metadata, params.metadata);
			Object.assign(endpoint, defined, { metadata: merged });
			if (disabled !== undefined) endpoint.status = disabled ? 'disabled' : 'enabled';
			return endpoint;
		}),
		operation('DELETE', '/v1/webhook_endpoints/:id', {}, (_, id) => {
			store.webhookEndpoints.delete(find(id).id);
			return { id, object: 'webhook_endpoint', deleted: true };
		}),
		listOperation('/v1/webhook_endpoints', {}, () => newestFirst(store.webhookEndpoints)),
	];
}

export type NewEndpoint = Pick<z.output<z.ZodObject<typeof creation>>, 'enabled_events' | 'url'> &
	Partial<z.output<z.ZodObject<typeof creation>>>;

export function addEndpoint({ clock, ids, store }: World, params: NewEndpoint): WebhookEndpoint {
	const endpoint: WebhookEndpoint = {
		id: ids.next('we'),
		object: 'webhook_endpoint',
		api_version: params.api_version ?? null,
		application: null,
		created: clock.now(),
		description: params.description ?? null,
		enabled_events: params.enabled_events,
		livemode: false,
		metadata: mergeMetadata({}, params.metadata),
		status: 'enabled',
		url: params.url,
	};
	store.webhookEndpoints.set(endpoint.id, endpoint);
	return endpoint;
}

/** What endpoints sign with: the newest first, and the one before it while it is rolled. */
export interface EndpointSecrets {
	of(endpoint: string): readonly string[];
	/** Makes `secret`, or a new one, the endpoint's. `keepOld` signs with the former too. */
	give(endpoint: string, secret?: string, keepOld?: boolean): string;
	reset(): void;
}

export function createEndpointSecrets(): EndpointSecrets {
	const secrets = new Map<string, readonly string[]>();
	return {
		of: (endpoint) => secrets.get(endpoint) ?? [],
		give(endpoint, secret = `whsec_${randomLetters(32)}`, keepOld = false) {
			const old = keepOld ? (secrets.get(endpoint) ?? []).slice(0, 1) : [];
			secrets.set(endpoint, [secret, ...old]);
			return secret;
		},
		reset: () => secrets.clear(),
	};
}
