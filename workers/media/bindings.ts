import * as z from 'zod/mini';

import { clockFrom } from '../core/clock';
import type { BodySlots } from './body-slots';

/** All that this Worker holds: the private bytes and the key that says who may touch which. */
export interface MediaBindings {
	MEDIA: R2Bucket;
	URL_SIGNING_KEY: string;
	APP_ORIGIN: string;
	ENVIRONMENT: string;
	CLOCK_OFFSET_SECONDS?: string;
}

const Config = z.object({
	URL_SIGNING_KEY: z.string().check(z.minLength(32, 'URL_SIGNING_KEY needs 32 characters or more')),
	APP_ORIGIN: z.url(),
	ENVIRONMENT: z.enum(['local', 'preview', 'production']),
	CLOCK_OFFSET_SECONDS: z.optional(z.string()),
});

export interface MediaDeps {
	bucket: R2Bucket;
	now: () => Date;
	urlSigningKey: string;
	appOrigin: string;
	slots: BodySlots;
}

export interface MediaEnv {
	Bindings: MediaBindings;
	Variables: { deps: MediaDeps };
}

/** Parsed once a request; a wrong configuration refuses every request rather than some. */
export function mediaDeps(bindings: MediaBindings, slots: BodySlots): MediaDeps {
	const config = Config.parse(bindings);
	return {
		bucket: bindings.MEDIA,
		now: clockFrom(config),
		urlSigningKey: config.URL_SIGNING_KEY,
		appOrigin: new URL(config.APP_ORIGIN).origin,
		slots,
	};
}
