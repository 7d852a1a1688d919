import { z } from 'zod';

import { askProvider } from './ask-provider';
import { codeChallenge } from './google';
import { SignInFailure, type AuthorizationGrant, type SignInGateway } from './sign-in-gateway';
import { toEmail } from './verify-id-token';

interface GitHubConfig {
	clientId: string;
	clientSecret: string;
	/** Where GitHub's stand-in is, its API below `/api`; without it GitHub itself is asked. */
	emulatorUrl?: string | undefined;
}

/** GitHub refuses with 200. */
const TokenAnswer = z.union([
	z.object({ access_token: z.string().min(1) }),
	z.object({ error: z.string() }).transform(() => null),
]);
const User = z.object({ id: z.int().positive(), name: z.string().nullish() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/**
 * GitHub by OAuth 2 with PKCE; it has no id_token, so who somebody is comes from its API with a token that is then dropped.
 * Known by the numeric id, as text: a login name can be given up and taken by somebody else.
 */
export function createGitHub(config: GitHubConfig, fetcher: typeof fetch): SignInGateway {
	const { clientId, emulatorUrl } = config;
	const site = emulatorUrl ?? 'https://github.com';
	const api = emulatorUrl === undefined ? 'https://api.github.com' : `${emulatorUrl}/api`;
	return {
		id: 'github',
		hasNonce: false,
		authorizationUrl({ state, codeVerifier, redirectUri }) {
			const url = new URL(`${site}/login/oauth/authorize`);
			url.search = new URLSearchParams({
				client_id: clientId,
				redirect_uri: redirectUri,
				// Names and ids are public; addresses are not.
				scope: 'user:email',
				state,
				code_challenge: codeChallenge(codeVerifier),
				code_challenge_method: 'S256',
			}).toString();
			return Promise.resolve(url);
		},
		async identify(grant) {
			const accessToken = await redeem(fetcher, site, config, grant);
			const headers = {
				accept: 'application/vnd.github+json',
				authorization: `Bearer ${accessToken}`,
				// Without one GitHub answers 403.
				'user-agent': 'afterglow',
				'x-github-api-version': '2022-11-28',
			};
			const [user, emails] = await Promise.all([
				askProvider(fetcher, User, `${api}/user`, { headers }),
				askProvider(fetcher, Emails, `${api}/user/emails`, { headers }),
			]);
			const primary = emails.find(({ primary: isPrimary, verified }) => isPrimary && verified);
			return {
				subject: String(user.id),
				email: primary === undefined ? null : toEmail(primary.email),
				name: user.name ?? null,
			};
		},
	};
}

async function redeem(
	fetcher: typeof fetch,
	site: string,
	{ clientId, clientSecret }: GitHubConfig,
	{ code, codeVerifier, redirectUri }: AuthorizationGrant,
): Promise<string> {
	const answer = await askProvider(fetcher, TokenAnswer, `${site}/login/oauth/access_token`, {
		method: 'POST',
		headers: { accept: 'application/json' },
		body: new URLSearchParams({
			client_id: clientId,
			client_secret: clientSecret,
			code,
			code_verifier: codeVerifier,
			redirect_uri: redirectUri,
		}),
	});
	if (answer === null) throw new SignInFailure('provider_refused', 'GitHub refused the code.');
	return answer.access_token;
}
