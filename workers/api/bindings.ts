import { z } from '@hono/zod-openapi';

import type { Permission, Role } from '../../studios/roles';
import { createAuth, type AuthSecrets } from '../core/accounts/create-auth';
import type { Person } from '../core/accounts/resolve-person';
import type { Actor, Whence } from '../core/actor';
import { createDeps, secret, type AccessDeps, type CoreBindings, type StoredObjects } from '../core/deps';
import { isProcessorAddress } from '../core/gateways/processor-hosts';

export interface ApiBindings extends CoreBindings {
	MEDIA_OBJECTS: StoredObjects;
	AUTH_SECRET: string;
	PASSWORD_PEPPER: string;
	LOOKUP_KEY: string;
	MAIL_SEALING_KEY: string;
	WEBHOOK_TOKEN_KEY: string;
	/** Base64 SPKI of the receipt key: shown, never signed with. */
	RECEIPT_PUBLIC_KEY: string;
	FAL_REST_URL: string;
}

const ApiConfig = z
	.object({
		ENVIRONMENT: z.string(),
		AUTH_SECRET: secret('AUTH_SECRET'),
		PASSWORD_PEPPER: secret('PASSWORD_PEPPER'),
		LOOKUP_KEY: secret('LOOKUP_KEY'),
		MAIL_SEALING_KEY: secret('MAIL_SEALING_KEY'),
		WEBHOOK_TOKEN_KEY: secret('WEBHOOK_TOKEN_KEY'),
		RECEIPT_PUBLIC_KEY: z.string().min(1, 'RECEIPT_PUBLIC_KEY is missing'),
		FAL_REST_URL: z.url(),
	})
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || isProcessorAddress(config.FAL_REST_URL),
		'In production fal.ai’s keys are read at its own address, not at an emulator.',
	);

export interface ApiDeps extends AccessDeps {
	objects: StoredObjects;
	authSecrets: AuthSecrets;
	webhookTokenKey: string;
	receiptPublicKey: string;
	falKeysUrl: string;
}

/** Who asks, for which account, and what they may. */
export interface Caller {
	actor: Actor;
	role: Role;
	may: ReadonlySet<Permission>;
	account: { id: string; name: string };
}

export interface ApiEnv {
	Bindings: ApiBindings;
	Variables: {
		deps: ApiDeps;
		whence: Whence;
		/** Set where a route needs a permission. */
		caller: Caller;
		/** Set where a route is for a signed-in person, whichever account they act in. */
		person: Person;
	};
}

export function apiDeps(bindings: ApiBindings): ApiDeps {
	const config = ApiConfig.parse(bindings);
	return {
		...createDeps(bindings),
		lookupKey: config.LOOKUP_KEY,
		mailKey: config.MAIL_SEALING_KEY,
		objects: bindings.MEDIA_OBJECTS,
		authSecrets: { authSecret: config.AUTH_SECRET, passwordPepper: config.PASSWORD_PEPPER },
		webhookTokenKey: config.WEBHOOK_TOKEN_KEY,
		receiptPublicKey: config.RECEIPT_PUBLIC_KEY,
		falKeysUrl: `${config.FAL_REST_URL}/.well-known/jwks.json`,
	};
}

export function authOf(deps: ApiDeps) {
	return createAuth(deps, deps.authSecrets);
}
