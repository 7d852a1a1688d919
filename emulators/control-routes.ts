import { Hono } from 'hono';
import { z } from 'zod';
import type { AppleControl } from './apple/apple';
import { type BreachedControl, BreachedFailureInput } from './breached-passwords/breached-passwords';
import type { FalControl } from './fal/fal';
import { FalFaults } from './fal/faults';
import { type MailControl, MailFailure } from './mail/mail-store';
import { Notice, type NoticeControl, NoticeEndpoint } from './mail/notices';
import {
	type GitHubFailure,
	GitHubFailureInput,
	type OpenIdControl,
	OpenIdFailureInput,
	type SignInControl,
} from './sign-in/sign-in-control';
import { type MetaControl, MetaFailureInput } from './meta/meta';
import type { SentryControl } from './sentry/sentry';
import type { StripeControl } from './stripe/control';
import { stripeControlRoutes } from './stripe/control-routes';
import type { TrackersControl } from './trackers/trackers';
import { Challenge } from './turnstile/tokens';
import { type TurnstileControl, TurnstileFailureInput } from './turnstile/turnstile';

const Change = z.record(z.string(), z.unknown());

/** One hand for each stand-in that can be told something. */
export interface Controls {
	readonly fal: FalControl;
	readonly google: OpenIdControl;
	readonly apple: AppleControl;
	readonly github: SignInControl<GitHubFailure>;
	readonly turnstile: TurnstileControl;
	readonly breachedPasswords: BreachedControl;
	readonly mail: MailControl;
	readonly mailNotices: NoticeControl;
	readonly stripe: StripeControl;
	readonly meta: MetaControl;
	readonly sentry: SentryControl;
	readonly trackers: TrackersControl;
}

/** The controls over HTTP, for tests that run in another process and for a person with curl. */
export function controlRoutes(controls: Controls): Hono {
	const {
		fal,
		google,
		apple,
		github,
		turnstile,
		breachedPasswords,
		mail,
		mailNotices,
		stripe,
		meta,
		sentry,
		trackers,
	} = controls;
	return new Hono()
		.get('/', (c) => c.json({ fal: fal.faults() }))
		.route('/fal', falRoutes(fal))
		.route('/mail', mailRoutes(mail))
		.route('/mail', noticeRoutes(mail, mailNotices))
		.route('/google', failingRoutes(OpenIdFailureInput, google).route('/', keyRoutes(google)))
		.route(
			'/apple',
			failingRoutes(OpenIdFailureInput, apple).route('/', keyRoutes(apple)).route('/', appleKeyRoutes(apple)),
		)
		.route('/github', failingRoutes(GitHubFailureInput, github))
		.route('/turnstile', turnstileRoutes(turnstile))
		.route('/pwned', breachedRoutes(breachedPasswords))
		.route('/stripe', stripeControlRoutes(stripe))
		.route(
			'/meta',
			failingRoutes(MetaFailureInput, meta).get('/events', (c) => c.json({ events: meta.events() })),
		)
		.get('/sentry/envelopes', (c) => c.json({ envelopes: sentry.envelopes() }))
		.get('/trackers/hits', (c) => c.json({ hits: trackers.hits() }));
}

function falRoutes(fal: FalControl): Hono {
	return new Hono()
		.get('/requests', (c) => c.json({ requests: fal.requests() }))
		.post('/', async (c) => {
			const change = Change.safeParse(await c.req.json().catch(() => undefined));
			if (!change.success) return c.json({ error: z.prettifyError(change.error) }, 400);
			// Checked as a whole: a default must not put back a switch that the change does not name.
			const faults = FalFaults.strict().safeParse({ ...fal.faults(), ...change.data });
			if (!faults.success) return c.json({ error: z.prettifyError(faults.error) }, 400);
			return c.json({ fal: fal.set(faults.data) });
		})
		.post('/reset', (c) => {
			fal.reset();
			return c.json({ fal: fal.faults() });
		});
}

/** `GET /messages?to=`: what was sent, the newest first, to one address when it is named. */
function mailRoutes(mail: MailControl): Hono {
	return failingRoutes(MailFailure, mail).get('/messages', (c) => {
		const to = c.req.query('to')?.toLowerCase();
		const isWanted = (address: string) => {
			const found = address.toLowerCase();
			return to === undefined || found === to || found.endsWith(`<${to}>`);
		};
		return c.json({ messages: mail.messages().filter((message) => message.to.some(isWanted)) });
	});
}

const OneNotice = Notice.extend({ mail: z.string() });

/** `POST /endpoint`: whom to tell. `POST /notices` tells of one mail now, as often and as late as it says; `GET` lists what was told. */
function noticeRoutes(mail: MailControl, notices: NoticeControl): Hono {
	return new Hono()
		.post('/endpoint', async (c) => {
			const endpoint = NoticeEndpoint.safeParse(await c.req.json().catch(() => undefined));
			if (!endpoint.success) return c.json({ error: z.prettifyError(endpoint.error) }, 400);
			notices.tell(endpoint.data);
			return c.json({ ok: true });
		})
		.get('/notices', (c) => c.json({ notices: notices.notices() }))
		.post('/notices', async (c) => {
			const told = OneNotice.safeParse(await c.req.json().catch(() => undefined));
			if (!told.success) return c.json({ error: z.prettifyError(told.error) }, 400);
			const { mail: id, ...notice } = told.data;
			const about = mail.messages().find((message) => message.id === id);
			if (about === undefined) return c.json({ error: 'No such mail was sent.' }, 404);
			return c.json({ notices: await notices.notify(about, notice) });
		});
}

/** `POST /` makes the next requests fail, `POST /reset` puts all back. */
function failingRoutes<Failure>(
	schema: z.ZodType<Failure>,
	control: { failNext(failure: Failure): void; reset(): void },
): Hono {
	return new Hono()
		.post('/', async (c) => {
			const failure = schema.safeParse(await c.req.json().catch(() => undefined));
			if (!failure.success) return c.json({ error: z.prettifyError(failure.error) }, 400);
			control.failNext(failure.data);
			return c.json({ ok: true });
		})
		.post('/reset', (c) => {
			control.reset();
			return c.json({ ok: true });
		});
}

const Rotation = z.strictObject({ dropOld: z.boolean().default(false) });

function keyRoutes(control: OpenIdControl): Hono {
	return new Hono().post('/rotate-keys', async (c) => {
		const how = Rotation.safeParse(await c.req.json().catch(() => ({})));
		if (!how.success) return c.json({ error: z.prettifyError(how.error) }, 400);
		await control.rotateKeys(how.data);
		return c.json({ ok: true });
	});
}

const AppleRegistration = z.strictObject({
	clientId: z.string().min(1),
	teamId: z.string().min(1),
	keyId: z.string().min(1),
	publicKey: z.string().startsWith('-----BEGIN PUBLIC KEY-----'),
});

/** For whoever starts after the stand-ins and makes the key there: `publicKey` is PEM (SPKI). */
function appleKeyRoutes(apple: AppleControl): Hono {
	return new Hono().post('/register-key', async (c) => {
		const client = AppleRegistration.safeParse(await c.req.json().catch(() => undefined));
		if (!client.success) return c.json({ error: z.prettifyError(client.error) }, 400);
		try {
			apple.registerKey(client.data);
		} catch (error) {
			return c.json({ error: error instanceof Error ? error.message : 'The key cannot be read.' }, 400);
		}
		return c.json({ ok: true });
	});
}

const Breached = z.strictObject({ password: z.string().min(1), count: z.int().min(1).optional() });

/** `POST /passwords` adds one; `GET /requests` tells what was asked. */
function breachedRoutes(control: BreachedControl): Hono {
	return failingRoutes(BreachedFailureInput, control)
		.get('/requests', (c) => c.json({ requests: control.requests() }))
		.post('/passwords', async (c) => {
			const added = Breached.safeParse(await c.req.json().catch(() => undefined));
			if (!added.success) return c.json({ error: z.prettifyError(added.error) }, 400);
			control.add(added.data.password, added.data.count);
			return c.json({ ok: true });
		});
}

/** `POST /tokens` gives a token out as the widget would. */
function turnstileRoutes(control: TurnstileControl): Hono {
	return failingRoutes(TurnstileFailureInput, control).post('/tokens', async (c) => {
		const challenge = Challenge.safeParse(await c.req.json().catch(() => undefined));
		if (!challenge.success) return c.json({ error: z.prettifyError(challenge.error) }, 400);
		return c.json({ token: control.issueToken(challenge.data) });
	});
}
