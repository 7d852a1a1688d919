// The stand-ins' addresses below `origin`, each in the place of the processor's own:
//
//   /fal/queue, /fal/rest, /fal/api   queue.fal.run, rest.fal.ai, api.fal.ai
//   /openai/v1                        api.openai.com/v1
//   /resend                           api.resend.com; what was sent is at /mail
//   /google                           accounts.google.com, and oauth2.googleapis.com and www.googleapis.com with the same paths
//   /apple                            appleid.apple.com
//   /github, /github/api              github.com, api.github.com
//   /turnstile                        challenges.cloudflare.com/turnstile
//   /pwned                            api.pwnedpasswords.com
//   /stripe                           api.stripe.com; checkout, portal and invoice pages are at /stripe/checkout, …/portal, …/invoice
//   /meta                             graph.facebook.com
//   /sentry                           an ingest host of Sentry's
//   /trackers/<host>                  what trackers serve to browsers: fbevents.js, Clarity's tag, Umami's script, and where they tell
//   /control                          the switches, over HTTP: `control-routes.ts`
//
// A sign-in page is answered by a person, or by a POST of `name`, `email` and `email_verified=on` (or `decision=cancel`) to the
// authorize address with its query: `ConsentForm` in `sign-in/people.ts` names every field. A checkout page is paid on by a POST
// of `CheckoutForm` in `stripe/checkout/checkout-routes.ts` to the session's address.

import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { createApple } from './apple/apple';
import { createBreachedPasswords } from './breached-passwords/breached-passwords';
import { type Controls, controlRoutes } from './control-routes';
import type { OnEvent } from './events';
import { createFaceMesh } from './face-mesh/face-mesh';
import { createFal } from './fal/fal';
import type { FalFaultsInput } from './fal/faults';
import { createGitHub } from './github/github';
import { createGoogle } from './google/google';
import { onlyLoopbackHost } from './loopback';
import { createMailPage } from './mail/mail-page';
import { createMailStore } from './mail/mail-store';
import { createNotices } from './mail/notices';
import { createResend } from './mail/resend';
import { createMeta } from './meta/meta';
import { createOpenAi } from './openai/openai';
import { createSentry } from './sentry/sentry';
import type { SignInClients } from './sign-in/clients';
import type { StripeAccount } from './stripe/clients';
import { createStripe } from './stripe/stripe';
import { createTrackers } from './trackers/trackers';
import { createTurnstile, type TurnstileSite } from './turnstile/turnstile';

/** Longer than any client here keeps a connection that it does not use: none is ended here while something is asked over it. */
const KEPT_ALIVE_MS = 600_000;

/** The running stand-ins, with a hand on each that can be told something. */
export interface Emulators extends Controls {
	/** `http://127.0.0.1:{port}`; each processor has a path of its own below it. */
	readonly origin: string;
	/** Of each stand-in that keeps anything, by the name of its control; OpenAI's keeps nothing. */
	readonly kept: () => Readonly<Record<keyof Controls, unknown>>;
	/** Stops what runs and frees the port. */
	close(): Promise<void>;
}

export interface EmulatorOptions {
	/** 0 takes a free one. */
	readonly port?: number;
	readonly faults?: FalFaultsInput;
	readonly signIn?: SignInClients;
	readonly turnstile?: TurnstileSite;
	readonly stripe?: StripeAccount;
	readonly onEvent?: OnEvent;
}

/** Starts the stand-ins for every outside processor on one loopback port. */
export async function startEmulators(options: EmulatorOptions = {}): Promise<Emulators> {
	const { port = 0, faults = {}, signIn = {}, onEvent = () => undefined } = options;
	const stop = new AbortController();
	let origin = '';
	const fal = createFal({
		faceMesh: await createFaceMesh(),
		originOf: () => origin,
		faults,
		stop: stop.signal,
		onEvent,
	});
	const google = createGoogle({ client: signIn.google, baseOf: () => `${origin}/google` });
	const apple = createApple({ client: signIn.apple });
	const github = createGitHub({ client: signIn.github, baseOf: () => `${origin}/github` });
	const turnstile = createTurnstile({ site: options.turnstile, stop: stop.signal });
	const breachedPasswords = createBreachedPasswords(stop.signal);
	const mail = createMailStore();
	const mailNotices = createNotices({ stop: stop.signal, onEvent });
	const stripe = createStripe({
		account: options.stripe,
		baseOf: () => `${origin}/stripe`,
		stop: stop.signal,
		onEvent,
	});
	const meta = createMeta({ stop: stop.signal });
	const sentry = createSentry();
	const trackers = createTrackers();
	const controls: Controls = {
		fal: fal.control,
		google: google.control,
		apple: apple.control,
		github: github.control,
		turnstile: turnstile.control,
		breachedPasswords: breachedPasswords.control,
		mail,
		mailNotices,
		stripe: stripe.control,
		meta: meta.control,
		sentry: sentry.control,
		trackers: trackers.control,
	};
	const kept = () => ({
		fal: fal.kept(),
		google: google.kept(),
		apple: apple.kept(),
		github: github.kept(),
		turnstile: turnstile.kept(),
		breachedPasswords: breachedPasswords.control.requests(),
		mail: mail.kept(),
		mailNotices: mailNotices.notices(),
		stripe: stripe.kept(),
		meta: meta.control.events(),
		sentry: sentry.control.envelopes(),
		trackers: trackers.control.hits(),
	});
	const app = new Hono()
		.use(onlyLoopbackHost)
		.get('/healthz', (c) => c.json({ ok: true }))
		.route('/fal', fal.routes)
		.route('/google', google.routes)
		.route('/apple', apple.routes)
		.route('/github', github.routes)
		.route('/turnstile', turnstile.routes)
		.route('/pwned', breachedPasswords.routes)
		.route('/stripe', stripe.routes)
		.route('/meta', meta.routes)
		.route('/sentry', sentry.routes)
		.route('/trackers', trackers.routes)
		.route('/openai/v1', createOpenAi())
		.route(
			'/resend',
			createResend(mail, onEvent, (sent) => mailNotices.follow(sent)),
		)
		.route('/mail', createMailPage(mail))
		.route('/control', controlRoutes(controls));

	const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
	if ('keepAliveTimeout' in server) server.keepAliveTimeout = KEPT_ALIVE_MS;
	await once(server, 'listening');
	origin = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
	return {
		origin,
		...controls,
		kept,
		async close() {
			stop.abort();
			fal.control.reset();
			const closed = once(server, 'close');
			server.close();
			if ('closeAllConnections' in server) server.closeAllConnections();
			await closed;
		},
	};
}
