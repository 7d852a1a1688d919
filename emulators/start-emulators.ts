import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { type AppleControl, createApple } from './apple/apple';
import { controlRoutes } from './control-routes';
import type { OnEvent } from './events';
import { createFaceMesh } from './face-mesh/face-mesh';
import { createFal, type FalControl } from './fal/fal';
import type { FalFaultsInput } from './fal/faults';
import { createGitHub } from './github/github';
import { createGoogle } from './google/google';
import { onlyLoopbackHost } from './loopback';
import { createMailPage } from './mail/mail-page';
import { createMailStore, type MailControl } from './mail/mail-store';
import { createResend } from './mail/resend';
import { createOpenAi } from './openai/openai';
import type { SignInClients } from './sign-in/clients';
import type { GitHubFailure, OpenIdControl, SignInControl } from './sign-in/sign-in-control';

export interface Emulators {
	/** `http://127.0.0.1:{port}`; each processor has a path of its own below it. */
	readonly origin: string;
	readonly fal: FalControl;
	readonly google: OpenIdControl;
	readonly apple: AppleControl;
	readonly github: SignInControl<GitHubFailure>;
	readonly mail: MailControl;
	/** Stops what runs and frees the port. */
	close(): Promise<void>;
}

/** Starts the stand-ins for every outside processor on one loopback port; 0 takes a free one. */
export async function startEmulators(
	options: { port?: number; faults?: FalFaultsInput; signIn?: SignInClients; onEvent?: OnEvent } = {},
): Promise<Emulators> {
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
	const mail = createMailStore();
	const app = new Hono()
		.use(onlyLoopbackHost)
		.get('/healthz', (c) => c.json({ ok: true }))
		.route('/fal', fal.routes)
		.route('/google', google.routes)
		.route('/apple', apple.routes)
		.route('/github', github.routes)
		.route('/openai/v1', createOpenAi())
		.route('/resend', createResend(mail, onEvent))
		.route('/mail', createMailPage(mail))
		.route(
			'/control',
			controlRoutes({ fal: fal.control, google: google.control, apple: apple.control, github: github.control, mail }),
		);

	const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
	await once(server, 'listening');
	origin = `http://127.0.0.1:${z.object({ port: z.number() }).parse(server.address()).port}`;
	return {
		origin,
		fal: fal.control,
		google: google.control,
		apple: apple.control,
		github: github.control,
		mail,
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
