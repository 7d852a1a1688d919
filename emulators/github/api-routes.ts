import { type Context, Hono } from 'hono';
import type { FailNext } from '../fail-next';
import type { Grant } from '../sign-in/grants';
import { type Person, stableDigits } from '../sign-in/people';
import type { GitHubFailure } from '../sign-in/sign-in-control';

const DOCUMENTATION = 'https://docs.github.com/rest';

const NO_USER_AGENT = `Request forbidden by administrative rules. Please make sure your request has a User-Agent header (${DOCUMENTATION}/overview/resources-in-the-rest-api#user-agent-required).\r\n`;

interface ApiOptions {
	/** Who each access token stands for. */
	readonly tokens: ReadonlyMap<string, Grant<Person>>;
	readonly failures: FailNext<GitHubFailure>;
	/** `{origin}/github` */
	readonly baseOf: () => string;
}

/** `GET /user` and `GET /user/emails` of api.github.com. */
export function apiRoutes({ tokens, failures, baseOf }: ApiOptions): Hono {
	const grantOf = (c: Context) => {
		const [, token = ''] = /^(?:Bearer|token) (\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
		return tokens.get(token);
	};
	const routes = new Hono();
	routes.use(async (c, next) => {
		if (!c.req.header('user-agent')) return c.text(NO_USER_AGENT, 403);
		const grant = grantOf(c);
		if (!grant) return refusal(401, 'Bad credentials');
		c.header('x-oauth-scopes', grant.scopes.join(', '));
		return next();
	});
	routes.get('/user', (c) => {
		if (failures.take('user_unavailable')) return c.text('Service Unavailable', 503);
		const grant = grantOf(c);
		return grant ? c.json(userOf(grant.person, baseOf())) : refusal(401, 'Bad credentials');
	});
	routes.get('/user/emails', (c) => {
		if (failures.take('emails_unavailable')) return c.text('Service Unavailable', 503);
		const grant = grantOf(c);
		const mayRead = grant?.scopes.some((scope) => scope === 'user:email' || scope === 'user');
		return grant && mayRead ? c.json(emailsOf(grant.person)) : refusal(404, 'Not Found');
	});
	return routes;
}

function userOf({ name, email, public_email }: Person, base: string) {
	const address = email.toLowerCase();
	const id = Number(stableDigits(`github:${address}`, 9));
	const login = (address.split('@')[0] ?? '').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
	return {
		login,
		id,
		node_id: Buffer.from(`04:User${id}`).toString('base64'),
		avatar_url: `${base}/picture/${id}`,
		html_url: `https://github.com/${login}`,
		type: 'User',
		site_admin: false,
		name: name === '' ? null : name,
		company: null,
		email: public_email ? email : null,
		created_at: '2020-01-01T00:00:00Z',
	};
}

function emailsOf({ email, email_verified, public_email, other_emails }: Person) {
	const primary = { email, primary: true, verified: email_verified, visibility: public_email ? 'public' : 'private' };
	const others = other_emails.split('\n').flatMap((line) => {
		const [address, word] = line.trim().split(/\s+/);
		return address ? [{ email: address, primary: false, verified: word !== 'unverified', visibility: null }] : [];
	});
	return [primary, ...others];
}

function refusal(status: 401 | 404, message: string): Response {
	return Response.json({ message, documentation_url: DOCUMENTATION, status: String(status) }, { status });
}
