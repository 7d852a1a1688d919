import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { Hono } from 'hono';
import { z } from 'zod';
import { createFailNext, type Failure, failureSchema } from '../fail-next';
import type { Kept } from '../kept';
import { refused, siteverify } from './siteverify';
import { Challenge, createTokens } from './tokens';
import { type WidgetMessage, widgetPage } from './widget-page';

/** How siteverify fails: its own `internal-error`, a 503, or no answer until the caller gives up or the stand-in stops. */
export const TURNSTILE_FAILURES = ['internal_error', 'unavailable', 'hang'] as const;
export type TurnstileFailure = (typeof TURNSTILE_FAILURES)[number];
export const TurnstileFailureInput = failureSchema(TURNSTILE_FAILURES);

/** The hand on Turnstile, for tests and for `/control`. */
export interface TurnstileControl {
	/** A token as the widget would give it to the page at this host name. */
	issueToken(challenge: z.input<typeof Challenge>): string;
	failNext(failure: Failure<TurnstileFailure>): void;
	/** Forgets tokens and failures. */
	reset(): void;
}

/** A site as registered; without one any site key and any secret will do. */
export interface TurnstileSite {
	readonly siteKey: string;
	readonly secret: string;
}

/** Given out for the published test site keys, and taken by the published test secrets alone. */
const DUMMY_TOKEN = 'XXXX.DUMMY.TOKEN.XXXX';
const TEST_KEYS = {
	'1x00000000000000000000AA': 'pass',
	'1x00000000000000000000BB': 'pass',
	'2x00000000000000000000AB': 'fail',
	'2x00000000000000000000BB': 'fail',
	'3x00000000000000000000FF': 'interactive',
} as const satisfies Record<string, string>;

/** Cloudflare's codes for a widget that its error callback is told. */
const CHALLENGE_FAILED = '300030';
const UNKNOWN_SITE_KEY = '110100';

const WidgetQuery = z.object({
	sitekey: z.string().min(1),
	origin: z.url({ protocol: /^https?$/ }).transform((address) => new URL(address)),
	action: Challenge.shape.action,
	cdata: Challenge.shape.cdata,
});

const SCRIPT = readFileSync(new URL('./api.js', import.meta.url), 'utf8');

/** Stands for challenges.cloudflare.com: the widget's script, its frame, and the check of its tokens. */
export function createTurnstile(options: { readonly site: TurnstileSite | undefined; readonly stop: AbortSignal }): {
	routes: Hono;
	control: TurnstileControl;
	kept: Kept;
} {
	const { site, stop } = options;
	const tokens = createTokens();
	const failures = createFailNext<TurnstileFailure>();
	const messageFor = ({ sitekey, origin, action, cdata }: z.output<typeof WidgetQuery>): WidgetMessage => {
		const preset = presetOf(sitekey);
		if (preset === 'fail') return { error: CHALLENGE_FAILED };
		if (preset !== undefined) return { token: DUMMY_TOKEN };
		if (site && sitekey !== site.siteKey) return { error: UNKNOWN_SITE_KEY };
		return { token: tokens.issue({ hostname: origin.hostname, action, cdata }) };
	};
	const routes = new Hono()
		.get('/v0/api.js', (c) => c.body(SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
		.get('/v0/widget', (c) => {
			const query = WidgetQuery.safeParse(c.req.query());
			if (!query.success) return c.text(z.prettifyError(query.error), 400);
			const isInteractive = presetOf(query.data.sitekey) === 'interactive';
			const page = widgetPage(messageFor(query.data), query.data.origin.origin, isInteractive);
			return c.html(page, 200, { 'cache-control': 'no-store' });
		})
		.post('/v0/siteverify', async (c) => {
			const failure = failures.take(...TURNSTILE_FAILURES);
			if (failure === 'hang') await once(AbortSignal.any([stop, c.req.raw.signal]), 'abort');
			if (failure === 'internal_error') return c.json(refused('internal-error'));
			if (failure !== undefined) return c.text('Service Unavailable', 503);
			return c.json(await siteverify(c.req.raw, tokens, site?.secret));
		});
	const control: TurnstileControl = {
		issueToken: (challenge) => tokens.issue(Challenge.parse(challenge)),
		failNext: (failure) => failures.add(failure),
		reset() {
			tokens.reset();
			failures.reset();
		},
	};
	return { routes, control, kept: () => tokens.all() };
}

function presetOf(siteKey: string): (typeof TEST_KEYS)[keyof typeof TEST_KEYS] | undefined {
	return Object.entries(TEST_KEYS).find(([key]) => key === siteKey)?.[1];
}
