import { Hono } from 'hono';
import type { OnEvent } from '../events';
import { Mail, type MailFailure, type MailStore, type SentMail } from './mail-store';

const IDEMPOTENCY_KEY_MAX = 256;

const STATUS_BY_FAILURE = {
	rate_limit_exceeded: 429,
	daily_quota_exceeded: 429,
	internal_server_error: 500,
} as const satisfies Record<MailFailure['name'], number>;

/** Stands for `api.resend.com`: takes mail and keeps it. `follow` is told of each, once. */
export function createResend(
	store: MailStore,
	onEvent: OnEvent,
	follow: (mail: SentMail) => void = () => undefined,
): Hono {
	const routes = new Hono();
	routes.use(async (c, next) => {
		const key = c.req.header('authorization') ?? '';
		if (!key.startsWith('Bearer '))
			return refusal(401, 'missing_api_key', 'Missing API key in the authorization header.');
		if (!key.startsWith('Bearer re_')) return refusal(403, 'invalid_api_key', 'API key is invalid.');
		if (!c.req.header('user-agent')) return refusal(403, 'validation_error', 'A User-Agent header is required.');
		return next();
	});
	routes.post('/emails', async (c) => {
		const key = c.req.header('idempotency-key');
		if (key !== undefined && (key.length < 1 || key.length > IDEMPOTENCY_KEY_MAX)) {
			return refusal(400, 'invalid_idempotency_key', 'The idempotency key must be between 1-256 chars.');
		}
		const body: unknown = await c.req.json().catch(() => undefined);
		const parsed = Mail.safeParse(body);
		if (!parsed.success) {
			const field = parsed.error.issues[0]?.path.join('.') ?? '';
			return refusal(422, 'missing_required_field', `Missing or invalid \`${field}\` field.`);
		}
		if (parsed.data.html === undefined && parsed.data.text === undefined) {
			return refusal(422, 'missing_required_field', 'Missing `html` or `text` field.');
		}
		const failure = store.takeFailure();
		if (failure) return refusal(STATUS_BY_FAILURE[failure], failure, `The stand-in was told to fail: ${failure}.`);
		const sent = store.send(parsed.data, key);
		if (!sent.ok) {
			const message = 'Same idempotency key used with a different request payload.';
			return refusal(409, 'invalid_idempotent_request', message);
		}
		const { to, subject } = parsed.data;
		const kept = store.messages().find(({ id }) => id === sent.id);
		if (!sent.repeated && kept !== undefined) {
			onEvent({ type: 'mail', id: sent.id, to, subject });
			follow(kept);
		}
		return c.json({ id: sent.id });
	});
	routes.get('/emails/:id', (c) => {
		const mail = store.messages().find(({ id }) => id === c.req.param('id'));
		if (!mail) return refusal(404, 'not_found', 'Email not found');
		const { sentAt, ...rest } = mail;
		return c.json({ object: 'email', ...rest, created_at: sentAt, last_event: 'delivered' });
	});
	return routes;
}

function refusal(statusCode: number, name: string, message: string): Response {
	return Response.json({ statusCode, name, message }, { status: statusCode });
}
