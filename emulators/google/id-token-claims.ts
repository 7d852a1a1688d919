import type { JWTPayload } from 'jose';
import type { Grant } from '../sign-in/grants';
import { type Person, stableDigits } from '../sign-in/people';
import { leftHalfHash } from '../sign-in/signing-keys';

const LIFETIME_SECONDS = 3600;

/** What Google says of somebody: as much as the scopes allow. The issuer is Google's, since that is what is verified. */
export function idTokenClaims(
	{ clientId, nonce, scopes, person }: Grant<Person>,
	{ accessToken, base }: { accessToken: string; base: string },
): JWTPayload {
	const issuedAt = Math.floor(Date.now() / 1000);
	const sub = stableDigits(`google:${person.email.toLowerCase()}`, 21);
	const [givenName = '', ...rest] = person.name.split(/\s+/).filter(Boolean);
	const familyName = rest.join(' ');
	return {
		iss: 'https://accounts.google.com',
		azp: clientId,
		aud: clientId,
		sub,
		...(person.hd !== '' && { hd: person.hd }),
		...(scopes.includes('email') && { email: person.email, email_verified: person.email_verified }),
		at_hash: leftHalfHash(accessToken),
		...(nonce !== undefined && { nonce }),
		...(scopes.includes('profile') && {
			name: person.name,
			picture: `${base}/picture/${sub}`,
			given_name: givenName,
			...(familyName !== '' && { family_name: familyName }),
		}),
		iat: issuedAt,
		exp: issuedAt + LIFETIME_SECONDS,
	};
}
