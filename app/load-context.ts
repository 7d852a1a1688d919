/// <reference types="vite/client" />
import type { StudioSlug } from '../studios/studio';
import type { TrackerConfig } from './measure/tracker-config';

/** What the Pages handler gives every loader and action: one door to data, and which product this deployment is. */
export interface LoadContext {
	readonly api: { fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> };
	readonly studio: StudioSlug;
	/** Origin of the media Worker, without a trailing slash: pictures come from it and photos go to it. */
	readonly mediaOrigin: string;
	/** What may measure pages here, where a visitor allows it. */
	readonly trackers: TrackerConfig;
}

declare module '@remix-run/cloudflare' {
	interface AppLoadContext extends LoadContext {}

	interface Future {
		v3_singleFetch: true;
	}
}
