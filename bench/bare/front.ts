/** The Worker in front of the bare one: it passes every request through a service binding, as the app does to the api. */
import type { Fetcher, Request as WorkerRequest } from '@cloudflare/workers-types';

export default {
	fetch: (request: WorkerRequest, env: { BACK: Fetcher }) => env.BACK.fetch(request),
};
