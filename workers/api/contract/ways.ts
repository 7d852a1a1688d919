/** What linking providers and passkeys takes and answers. */
import { z } from '@hono/zod-openapi';

import { SIGN_IN_PROVIDERS } from '../../core/gateways/sign-in/sign-in-gateway';
import { PASSKEY_NAME_LENGTH_MAX } from '../../core/passkeys/add-passkey';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

/** More than any page's path has; it is kept while somebody is at the provider. */
const PATH_LENGTH_MAX = 500;
/** Of what an authenticator makes, in base64url: keys and signatures of some hundred bytes. */
const CREDENTIAL_LENGTH_MAX = 16_384;

const NOT_HERE = 'This is not a page here. Send a path such as /settings.';

/** A page of this site: `//host`, `/\host`, what becomes one of them and what is no page would lead elsewhere. */
export const OwnPath = z
	.string()
	.max(PATH_LENGTH_MAX, 'The path is too long.')
	.regex(/^\/(?![/\\])[^\s\\\p{Cc}]*$/u, { error: NOT_HERE, abort: true })
	.refine((path) => isPage(new URL(path, 'https://own.invalid').pathname), NOT_HERE);

/** Of a path as a browser goes there, with its `.` and `..` taken out: `/.//host` has become `//host` by then. */
function isPage(pathname: string): boolean {
	return !/^\/(?:\/|(?:api|v1|webhooks)\/)/.test(pathname);
}

const provider = z.enum(SIGN_IN_PROVIDERS, 'This is no provider. Choose google, apple or github.');

export const ProviderOrder = z.strictObject({ provider, next: OwnPath.default('/') });
export const WayOrder = z.strictObject({ provider, next: OwnPath.default('/settings') }).openapi('WayOrder');
export const WayVisit = z
	.object({ url: z.url().openapi({ description: 'The provider’s page: lead the browser there within 10 minutes.' }) })
	.openapi('WayVisit');

export const GoneWay = z.object({ id: z.string() }).openapi('GoneWay');

/** What comes back from a provider, of all that it may send. */
export const ProviderReturn = z.object({
	state: z.string().max(200).default(''),
	code: z.string().max(4096).optional(),
	error: z.string().max(200).optional(),
});

/** Apple's `user`, sent with the first answer alone. Its address is not looked at: the id_token's is the verified one. */
export const AppleUser = z.object({
	name: z.object({ firstName: z.string().max(200).default(''), lastName: z.string().max(200).default('') }),
});

export const PasskeyName = z
	.string()
	.trim()
	.min(1, 'Give the passkey a name, such as the device it is on.')
	.max(PASSKEY_NAME_LENGTH_MAX, `A name has ${PASSKEY_NAME_LENGTH_MAX} characters at most.`);
export const PasskeyChange = z.strictObject({ name: PasskeyName }).openapi('PasskeyChange');
export const PasskeyAnswer = z
	.object({ id: z.string(), name: z.string(), createdAt: time, isBackedUp: z.boolean() })
	.openapi('Passkey');

const part = z.string().max(CREDENTIAL_LENGTH_MAX);
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;
const credential = {
	id: part.min(1),
	rawId: part.min(1),
	type: z.literal('public-key'),
	clientExtensionResults: z.unknown().transform(() => ({})),
};

/** What a browser makes of a new passkey (WebAuthn's `RegistrationResponseJSON`). */
const NewCredential = z
	.object({
		...credential,
		response: z.object({
			clientDataJSON: part,
			attestationObject: part,
			// One that is not known yet is no reason to refuse.
			transports: z.array(part).max(10).optional(),
		}),
	})
	.transform(({ response, ...rest }) => {
		const { transports = [], ...made } = response;
		const known = TRANSPORTS.filter((transport) => transports.includes(transport));
		return { ...rest, response: { ...made, transports: known } };
	});

/** What a passkey answers a challenge with (WebAuthn's `AuthenticationResponseJSON`). */
export const PasskeyAssertion = z
	.object({
		...credential,
		response: z.object({
			clientDataJSON: part,
			authenticatorData: part,
			signature: part,
			userHandle: part.nullish(),
		}),
	})
	.transform(({ response: { userHandle, ...answered }, ...rest }) => {
		return { ...rest, response: { ...answered, ...(userHandle == null ? {} : { userHandle }) } };
	});

export const PasskeyOrder = z.strictObject({ response: NewCredential, name: PasskeyName.optional() });
export const PasskeySignIn = z.strictObject({ response: PasskeyAssertion });
