import { z } from '@hono/zod-openapi';

import { STUDIOS } from '../../studios/all';
import { versionOn } from '../../studios/policy/policy';
import type { Permission, Role } from '../../studios/roles';
import { STUDIO_SLUGS, type StudioSlug } from '../../studios/studio';
import { BREACHED_PASSWORDS_ADDRESS, createBreachedPasswords } from '../core/accounts/breached-password';
import { createAuth } from '../core/accounts/create-auth';
import type { Entering } from '../core/accounts/entrance';
import type { PasswordDeps } from '../core/accounts/password-rule';
import type { VisitDeps } from '../core/accounts/provider-visit';
import type { Person } from '../core/accounts/resolve-person';
import type { Actor, Whence } from '../core/actor';
import {
	createDeps,
	secret,
	type BillingDeps,
	type CoreBindings,
	type PublishedKeys,
	type StoredObjects,
} from '../core/deps';
import { isAddressOf } from '../core/egress/egress';
import { errorReportsOf, type ErrorReports } from '../core/gateways/sentry';
import { createStripeGateway, isLiveKey, stripeKey } from '../core/gateways/stripe';
import { STRIPE_ADDRESS } from '../core/gateways/stripe/connect';
import { createTurnstile, TURNSTILE_ADDRESS, type ChallengeGateway } from '../core/gateways/turnstile';
import type { CredentialSecrets, ProvenanceDeps } from '../core/provenance/provenance-keys';
import { earlierPublicKeys, rawPublicKey } from '../core/receipts/receipt-key';
import { signInGatewaysOf, type SignInBindings } from './sign-in-config';

export interface ApiBindings extends CoreBindings, SignInBindings {
	MEDIA_OBJECTS: StoredObjects;
	AUTH_SECRET: string;
	PASSWORD_PEPPER: string;
	LOOKUP_KEY: string;
	MAIL_SEALING_KEY: string;
	WEBHOOK_TOKEN_KEY: string;
	/** Base64 SPKI of the receipt key: shown, never signed with. */
	RECEIPT_PUBLIC_KEY: string;
	/** The same of keys that signed until they were replaced, by commas. */
	RECEIPT_PUBLIC_KEYS_BEFORE?: string;
	FAL_REST_URL: string;
	/** Below it lie the ranges of passwords that were stolen. */
	BREACHED_PASSWORDS_URL: string;
	/** Of the widget that tells people from programs; shown to whoever is asked. */
	TURNSTILE_SITE_KEY: string;
	TURNSTILE_SECRET: string;
	TURNSTILE_URL: string;
	STRIPE_SECRET_KEY: string;
	/** `whsec_…`, of the endpoint that Stripe tells of what happened. */
	STRIPE_WEBHOOK_SECRET: string;
	STRIPE_API_URL: string;
	/** `whsec_…`, of the endpoint that Resend tells of bounces and complaints. */
	RESEND_WEBHOOK_SECRET: string;
	/** `on`: Stripe computes tax, which takes setting up there. */
	STRIPE_AUTOMATIC_TAX: string;
	/** Base64 of the Ed25519 key that signs statements about exported files. */
	STATEMENT_SIGNING_KEY: string;
	/** Base64 SPKI of those that signed until they were replaced, by commas. */
	STATEMENT_PUBLIC_KEYS_BEFORE?: string;
	/** What signs content credentials, and its certificates; without both, files leave without. */
	PROVENANCE_KEY?: string;
	PROVENANCE_CERTIFICATES?: string;
	/** Empty: errors are in the log alone. */
	SENTRY_DSN: string;
	/** Whoever sends it is the operator; without it there are no operations. */
	OPERATOR_KEY?: string;
	/** `yes`: production may show a policy that nobody has read. */
	POLICY_DRAFT_ALLOWED: string;
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
		RECEIPT_PUBLIC_KEYS_BEFORE: z.string().default(''),
		STATEMENT_SIGNING_KEY: secret('STATEMENT_SIGNING_KEY'),
		STATEMENT_PUBLIC_KEYS_BEFORE: z.string().default(''),
		PROVENANCE_KEY: z.string().optional(),
		PROVENANCE_CERTIFICATES: z.string().optional(),
		FAL_REST_URL: z.url(),
		BREACHED_PASSWORDS_URL: z.url(),
		TURNSTILE_SITE_KEY: z.string('TURNSTILE_SITE_KEY is missing').min(1, 'TURNSTILE_SITE_KEY is missing'),
		TURNSTILE_SECRET: z.string('TURNSTILE_SECRET is missing').min(1, 'TURNSTILE_SECRET is missing'),
		TURNSTILE_URL: z.url(),
		STRIPE_SECRET_KEY: stripeKey(),
		STRIPE_WEBHOOK_SECRET: secret('STRIPE_WEBHOOK_SECRET'),
		STRIPE_API_URL: z.url(),
		RESEND_WEBHOOK_SECRET: secret('RESEND_WEBHOOK_SECRET'),
		STRIPE_AUTOMATIC_TAX: z.enum(['on', 'off']),
		SENTRY_DSN: z.string(),
		OPERATOR_KEY: secret('OPERATOR_KEY').optional(),
		STUDIO: z.enum(STUDIO_SLUGS),
		POLICY_DRAFT_ALLOWED: z.enum(['yes', 'no']),
	})
	.refine(
		(config) =>
			config.ENVIRONMENT !== 'production' || config.POLICY_DRAFT_ALLOWED === 'yes' || isReviewed(config.STUDIO),
		'The policy is a draft. Have it read and write by whom into studios/policy, or set POLICY_DRAFT_ALLOWED to yes.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || isAddressOf('fal', config.FAL_REST_URL),
		'In production fal.ai’s keys are read at its own address, not at an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || config.BREACHED_PASSWORDS_URL === BREACHED_PASSWORDS_ADDRESS,
		'In production stolen passwords are looked up at their own address, not at an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || config.TURNSTILE_URL === TURNSTILE_ADDRESS,
		'In production people are told from programs by Turnstile, at its own address, not by an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || config.STRIPE_API_URL === STRIPE_ADDRESS,
		'In production Stripe is spoken to at its own address, not at an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || isLiveKey(config.STRIPE_SECRET_KEY),
		'In production STRIPE_SECRET_KEY is a live key: test cards would buy credits that cost money.',
	);

export interface ApiDeps extends BillingDeps, PasswordDeps, VisitDeps, PublishedKeys, ProvenanceDeps {
	objects: StoredObjects;
	challenge: ChallengeGateway;
	webhookTokenKey: string;
	stripeWebhookSecret: string;
	resendWebhookSecret: string;
	falKeysUrl: string;
	/** Null: what nobody expected is in the log alone. */
	errorReports: ErrorReports | null;
	/** Null: there are no operations here. */
	operatorKey: string | null;
}

/** Whether somebody has read the version whose day has come. */
function isReviewed(slug: StudioSlug): boolean {
	return versionOn(STUDIOS[slug].policy, Date.now()).review.state === 'reviewed';
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
	const deps = createDeps(bindings);
	return {
		...deps,
		lookupKey: config.LOOKUP_KEY,
		mailKey: config.MAIL_SEALING_KEY,
		objects: bindings.MEDIA_OBJECTS,
		authSecrets: { authSecret: config.AUTH_SECRET, passwordPepper: config.PASSWORD_PEPPER },
		breachedPasswords: createBreachedPasswords({ baseUrl: config.BREACHED_PASSWORDS_URL }, deps.egress),
		challenge: createTurnstile(
			{
				siteKey: config.TURNSTILE_SITE_KEY,
				secret: config.TURNSTILE_SECRET,
				baseUrl: config.TURNSTILE_URL,
				hostname: new URL(deps.appOrigin).hostname,
			},
			{ fetcher: deps.egress },
		),
		signInGateways: signInGatewaysOf(bindings, deps.egress),
		webhookTokenKey: config.WEBHOOK_TOKEN_KEY,
		stripe: createStripeGateway(
			{
				key: config.STRIPE_SECRET_KEY,
				apiUrl: config.STRIPE_API_URL,
				studio: deps.studio.slug,
				hasAutomaticTax: config.STRIPE_AUTOMATIC_TAX === 'on',
			},
			deps.egress,
		),
		stripeWebhookSecret: config.STRIPE_WEBHOOK_SECRET,
		resendWebhookSecret: config.RESEND_WEBHOOK_SECRET,
		publishedKeys: [rawPublicKey(config.RECEIPT_PUBLIC_KEY), ...earlierPublicKeys(config.RECEIPT_PUBLIC_KEYS_BEFORE)],
		statementKey: config.STATEMENT_SIGNING_KEY,
		statementKeysBefore: earlierPublicKeys(config.STATEMENT_PUBLIC_KEYS_BEFORE, 'STATEMENT_PUBLIC_KEYS_BEFORE'),
		credentialSecrets: credentialSecretsOf(config),
		falKeysUrl: `${config.FAL_REST_URL}/.well-known/jwks.json`,
		errorReports: errorReportsOf(deps, { ...config, worker: 'api' }),
		operatorKey: config.OPERATOR_KEY ?? null,
	};
}

/** Both or neither: half of them would sign nothing and say nothing. */
function credentialSecretsOf(config: z.infer<typeof ApiConfig>): CredentialSecrets | null {
	const { PROVENANCE_KEY: key = '', PROVENANCE_CERTIFICATES: certificates = '' } = config;
	return key === '' || certificates === '' ? null : { key, certificates };
}

/** `entering`: who has just been shown to be a user, and gets a session. */
export function authOf(deps: ApiDeps, entering: Entering | null = null) {
	return createAuth(deps, deps.authSecrets, entering);
}
