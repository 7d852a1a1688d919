import type { Secrets } from './secrets';

const UNREACHABLE = `FAL_KEY in .dev.vars cannot work here: fal.ai fetches every photo from the media address, and nothing outside reaches
127.0.0.1. Take the key out to render with the stand-in, deploy with "npm run deploy", or put the https addresses of a tunnel
to the app and to media into .dev.vars as APP_ORIGIN and MEDIA_ORIGIN.`;

/**
 * The addresses at which the world reaches this machine, out of `.dev.vars`; undefined without any. A real fal.ai needs them: it
 * fetches inputs and calls back. Throws a sentence for a key without them.
 */
export function publicOrigins(written: Secrets): { app: string; media: string } | undefined {
	const { APP_ORIGIN: app, MEDIA_ORIGIN: media } = written;
	if (app !== undefined && media !== undefined) {
		const wrong = [app, media].find((origin) => !URL.canParse(origin) || !origin.startsWith('https://'));
		if (wrong !== undefined)
			throw new Error(`"${wrong}" in .dev.vars is no https address. Write the one of your tunnel.`);
		return { app: new URL(app).origin, media: new URL(media).origin };
	}
	if (app !== undefined || media !== undefined) {
		throw new Error('APP_ORIGIN and MEDIA_ORIGIN in .dev.vars belong together. Write both, or none.');
	}
	if ('FAL_KEY' in written) throw new Error(UNREACHABLE.replaceAll('\n', ' '));
	return undefined;
}
