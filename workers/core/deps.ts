import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1';
import { z } from 'zod';

import { STUDIOS } from '../../studios/all';
import { policyOn } from '../../studios/policy/policy';
import { STUDIO_SLUGS, type Studio } from '../../studios/studio';
import type { StripeGateway } from './billing/stripe-gateway';
import { clockFrom } from './clock';
import { createEgress } from './egress/egress';
import type { FalGateway } from './gateways/fal';
import type { PictureGateway } from './gateways/openai';
import type { MetaGateway } from './gateways/meta';
import type { MailGateway } from './gateways/resend';
import type { ErrorReports } from './gateways/sentry';
import { newId, type IdKind } from './ids';
import { WorkMessage, type WorkQueue } from './messages';
import type { ReceiptKey } from './receipts/receipt-key';
import { createVault, type SealingVault, type Vault } from './vault/vault';

export type Database = DrizzleD1Database;

/** What a stored object is, as the media Worker tells it. */
export interface ObjectFacts {
	contentType: string;
	byteLength: number;
	width: number;
	height: number;
	/** Of a film that was proved when it came. */
	durationMs?: number;
}

/** Asks what the store holds, without a way to read or write it: all that the api Worker may. */
export interface StoredObjects {
	head(objectKey: string): Promise<ObjectFacts | null>;
}

/** The private store, as far as jobs need it. */
export interface BlobStore {
	put(objectKey: string, bytes: Uint8Array, facts: Omit<ObjectFacts, 'byteLength'>): Promise<void>;
	/** Of a length that is known before, without holding it in memory. */
	putStream(objectKey: string, body: ReadableStream, byteLength: number, contentType: string): Promise<void>;
	/** Null when nothing lies there. */
	read(objectKey: string): Promise<{ body: ReadableStream; byteLength: number } | null>;
	delete(objectKeys: readonly string[]): Promise<void>;
	has(objectKey: string): Promise<boolean>;
	/** A page of keys below a prefix with the time each was put; `cursor` is null at the end. */
	list(
		prefix: string,
		cursor: string | null,
	): Promise<{ objects: { objectKey: string; putAtMs: number }[]; cursor: string | null }>;
}

/** The outside world of every operation; each asks for `Pick<Deps, …>`, tests pass their own. */
export interface Deps {
	db: Database;
	now: () => Date;
	newId: (kind: IdKind) => string;
	studio: Studio;
	queue: WorkQueue;
	/** `fetch` to whom the policy names, and to nobody else. */
	egress: typeof fetch;
	/** The app's own public origin; links in answers start with it. */
	appOrigin: string;
	/** The media host's origin: another one than the app's, so that stored bytes never run as the app. */
	mediaOrigin: string;
	urlSigningKey: string;
	/** The keys of what is sealed. */
	vault: Vault;
}

/** What both Workers that handle mail hold: one seals, the other opens. */
export interface MailDeps extends Deps {
	/** Whom a stored mail goes to and what it says is sealed with it (`sealMail`). */
	mailKey: string;
}

/** What the api Worker holds beyond that, for people: who they are, and how often they may ask. */
export interface AccessDeps extends MailDeps {
	/** It seals, too. */
	vault: SealingVault;
	/** Turns addresses and networks into hashes that tell equals apart (`lookupHash`). */
	lookupKey: string;
}

/** What sells: the api Worker, for whoever buys, and asks about what Stripe tells. */
export interface BillingDeps extends AccessDeps {
	stripe: StripeGateway;
}

/** Who looks whether a receipt or a head of the log is ours. */
export interface PublishedKeys {
	/** The public halves of the receipt keys, raw and in base64url: the one that signs now, then those before it. */
	publishedKeys: readonly string[];
}

/** What the jobs Worker holds beyond that: bytes, processors and the receipt key. */
export interface JobDeps extends MailDeps, PublishedKeys {
	blobs: BlobStore;
	fal: FalGateway;
	pictures: PictureGateway;
	mailer: MailGateway;
	stripe: StripeGateway;
	/** Null: Meta is told nothing. */
	meta: MetaGateway | null;
	/** Null: what nobody expected is in the log alone. */
	errorReports: ErrorReports | null;
	/** "Dental Diffusion <hello@example.com>": who mails, and where answers go. */
	mailFrom: string;
	webhookTokenKey: string;
	receiptKey: ReceiptKey;
}

const SECRET_LENGTH_MIN = 32;

/** A secret short enough to guess is refused at start, by name. */
export function secret(name: string) {
	return z.string(`${name} is missing`).min(SECRET_LENGTH_MIN, `${name} needs ${SECRET_LENGTH_MIN} characters or more`);
}

const CoreConfig = z.object({
	ENVIRONMENT: z.enum(['local', 'preview', 'production']),
	STUDIO: z.enum(STUDIO_SLUGS),
	APP_ORIGIN: z.url(),
	MEDIA_ORIGIN: z.url(),
	URL_SIGNING_KEY: secret('URL_SIGNING_KEY'),
	VAULT_KEY: secret('VAULT_KEY'),
	VAULT_KEY_BEFORE: secret('VAULT_KEY_BEFORE').optional(),
	CLOCK_OFFSET_SECONDS: z.string().optional(),
});

export interface CoreBindings {
	DB: D1Database;
	WORK: Queue<WorkMessage>;
	ENVIRONMENT: string;
	STUDIO: string;
	APP_ORIGIN: string;
	MEDIA_ORIGIN: string;
	URL_SIGNING_KEY: string;
	VAULT: R2Bucket;
	/** Wraps the data keys in the vault. */
	VAULT_KEY: string;
	/** The one before it, while a rotation is not over. */
	VAULT_KEY_BEFORE?: string;
	CLOCK_OFFSET_SECONDS?: string;
}

/** Turns bindings into dependencies, once a request; after it no code reads `env`. Refuses a wrong configuration whole. */
export function createDeps(bindings: CoreBindings, overrides: Partial<Deps> = {}): Deps & { vault: SealingVault } {
	const config = CoreConfig.parse(bindings);
	const now = clockFrom(config);
	const product = STUDIOS[config.STUDIO];
	const studio = { ...product, policy: policyOn(product.policy, now().getTime()) };
	return {
		db: drizzle(bindings.DB),
		now,
		newId,
		studio,
		egress: createEgress(studio.policy, { isProduction: config.ENVIRONMENT === 'production' }),
		queue: {
			send: async (message, options) => {
				await bindings.WORK.send(WorkMessage.parse(message), { contentType: 'json', ...options });
			},
		},
		appOrigin: config.APP_ORIGIN,
		mediaOrigin: config.MEDIA_ORIGIN,
		urlSigningKey: config.URL_SIGNING_KEY,
		...overrides,
		vault: createVault(bindings.VAULT, { current: config.VAULT_KEY, before: config.VAULT_KEY_BEFORE ?? null }),
	};
}
