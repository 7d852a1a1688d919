import { z } from 'zod';

import type { Processor, Studio } from '../../studios/studio';
import { createDeps, secret, type BlobStore, type CoreBindings, type JobDeps } from './deps';
import { isAddressOf } from './egress/egress';
import { ConfigError } from './errors';
import { createFalGateway } from './gateways/fal';
import { createMetaGateway, META_ADDRESS, type MetaGateway } from './gateways/meta';
import { createPictureGateway } from './gateways/openai';
import { createMailGateway } from './gateways/resend';
import { errorReportsOf } from './gateways/sentry';
import { createStripeGateway, isLiveKey, stripeKey } from './gateways/stripe';
import { STRIPE_ADDRESS } from './gateways/stripe/connect';
import { earlierPublicKeys, importReceiptKey } from './receipts/receipt-key';

export interface JobBindings extends CoreBindings {
	MEDIA: R2Bucket;
	FAL_KEY?: string;
	FAL_QUEUE_URL: string;
	FAL_API_URL: string;
	FAL_FILE_HOSTS: string;
	OPENAI_KEY?: string;
	OPENAI_BASE_URL: string;
	RESEND_KEY: string;
	RESEND_BASE_URL: string;
	STRIPE_SECRET_KEY: string;
	STRIPE_API_URL: string;
	MAIL_FROM: string;
	/** Without these two Meta is told nothing. */
	META_PIXEL_ID: string;
	META_ACCESS_TOKEN?: string;
	META_API_URL: string;
	/** Empty: errors are in the log alone. */
	SENTRY_DSN: string;
	MAIL_SEALING_KEY: string;
	WEBHOOK_TOKEN_KEY: string;
	RECEIPT_SIGNING_KEY: string;
	/** Base64 SPKI, by commas: keys that signed until they were replaced. */
	RECEIPT_PUBLIC_KEYS_BEFORE?: string;
}

const SENDER = /^[^<>"@,;]+ <[^<>\s@]+@[^<>\s@]+>$/;

const JobConfig = z
	.object({
		ENVIRONMENT: z.string(),
		FAL_KEY: z.string().default(''),
		FAL_QUEUE_URL: z.url(),
		FAL_API_URL: z.url(),
		FAL_FILE_HOSTS: z.string().min(1),
		OPENAI_KEY: z.string().default(''),
		OPENAI_BASE_URL: z.url(),
		RESEND_KEY: z.string('RESEND_KEY is missing').min(1, 'RESEND_KEY is missing'),
		RESEND_BASE_URL: z.url(),
		STRIPE_SECRET_KEY: stripeKey(),
		STRIPE_API_URL: z.url(),
		MAIL_FROM: z.string().regex(SENDER, 'MAIL_FROM has to read like "Name <name@example.com>"'),
		META_PIXEL_ID: z.string(),
		META_ACCESS_TOKEN: z.string().default(''),
		META_API_URL: z.url(),
		SENTRY_DSN: z.string(),
		MAIL_SEALING_KEY: secret('MAIL_SEALING_KEY'),
		WEBHOOK_TOKEN_KEY: secret('WEBHOOK_TOKEN_KEY'),
		RECEIPT_SIGNING_KEY: z.string('RECEIPT_SIGNING_KEY is missing').min(43, 'RECEIPT_SIGNING_KEY is too short'),
		RECEIPT_PUBLIC_KEYS_BEFORE: z.string().default(''),
	})
	.refine(
		(config) =>
			config.ENVIRONMENT !== 'production' ||
			(
				[
					['fal', config.FAL_QUEUE_URL],
					['fal', config.FAL_API_URL],
					...config.FAL_FILE_HOSTS.split(',').map((host) => ['fal', `https://${host}`] as const),
					['openai', config.OPENAI_BASE_URL],
					['resend', config.RESEND_BASE_URL],
				] as const
			).every(([id, address]) => isAddressOf(id, address)),
		'In production a processor is spoken to at its own address, not at an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || config.STRIPE_API_URL === STRIPE_ADDRESS,
		'In production Stripe is spoken to at its own address, not at an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || config.META_API_URL === META_ADDRESS,
		'In production Meta is spoken to at its own address, not at an emulator.',
	)
	.refine(
		(config) => config.ENVIRONMENT !== 'production' || isLiveKey(config.STRIPE_SECRET_KEY),
		'In production STRIPE_SECRET_KEY is a live key: test cards would buy credits that cost money.',
	);

/**
 * The jobs Worker's dependencies. Refuses to start without the key of a processor that the studio's tools name, and in
 * production with an emulator's address.
 */
export async function createJobDeps(bindings: JobBindings): Promise<JobDeps> {
	const config = JobConfig.parse(bindings);
	const deps = createDeps(bindings);
	const receiptKey = await importReceiptKey(config.RECEIPT_SIGNING_KEY);
	requireKeys(deps.studio, { fal: config.FAL_KEY, openai: config.OPENAI_KEY });
	return {
		...deps,
		blobs: blobStore(bindings.MEDIA),
		fal: createFalGateway(
			{
				key: config.FAL_KEY,
				queueUrl: config.FAL_QUEUE_URL,
				apiUrl: config.FAL_API_URL,
				fileHosts: config.FAL_FILE_HOSTS.split(','),
				isEmulated: config.ENVIRONMENT !== 'production',
			},
			deps.egress,
		),
		pictures: createPictureGateway({ key: config.OPENAI_KEY, baseUrl: config.OPENAI_BASE_URL }, deps.egress),
		mailer: createMailGateway({ key: config.RESEND_KEY, baseUrl: config.RESEND_BASE_URL }, deps.egress),
		stripe: createStripeGateway(
			{
				key: config.STRIPE_SECRET_KEY,
				apiUrl: config.STRIPE_API_URL,
				studio: deps.studio.slug,
				// Tills are opened by the api.
				hasAutomaticTax: false,
			},
			deps.egress,
		),
		meta: metaOf(deps, config),
		errorReports: errorReportsOf(deps, { ...config, worker: 'jobs' }),
		mailFrom: config.MAIL_FROM,
		mailKey: config.MAIL_SEALING_KEY,
		webhookTokenKey: config.WEBHOOK_TOKEN_KEY,
		receiptKey,
		publishedKeys: [receiptKey.publicKey, ...earlierPublicKeys(config.RECEIPT_PUBLIC_KEYS_BEFORE)],
	};
}

/** Meta, where the studio lists it and its pixel is set; refused by name: one half of what it takes, or a studio without it. */
function metaOf(
	{ studio, egress }: Pick<JobDeps, 'studio' | 'egress'>,
	config: z.infer<typeof JobConfig>,
): MetaGateway | null {
	const { META_PIXEL_ID: pixelId, META_ACCESS_TOKEN: accessToken, META_API_URL: apiUrl } = config;
	if (accessToken === '') return null;
	if (pixelId === '') throw new ConfigError('META_ACCESS_TOKEN is set, and META_PIXEL_ID is not.');
	if (!studio.policy.trackers.some(({ id }) => id === 'meta')) {
		throw new ConfigError(`META_ACCESS_TOKEN is set, and the policy of ${studio.name} does not list Meta.`);
	}
	return createMetaGateway({ pixelId, accessToken, apiUrl }, egress);
}

function requireKeys(studio: Studio, keys: Readonly<Record<Processor, string>>): void {
	const needed = new Set(studio.tools.flatMap(({ stages }) => stages.map(({ processor }) => processor)));
	for (const processor of needed) {
		if (keys[processor] === '')
			throw new ConfigError(`${processor.toUpperCase()}_KEY is missing: ${studio.name} needs it.`);
	}
}

export function blobStore(bucket: R2Bucket): BlobStore {
	return {
		put: async (objectKey, bytes, { contentType, width, height }) => {
			await bucket.put(objectKey, bytes, {
				httpMetadata: { contentType },
				customMetadata: { contentType, width: String(width), height: String(height) },
			});
		},
		putStream: async (objectKey, body, byteLength, contentType) => {
			const { readable, writable } = new FixedLengthStream(byteLength);
			await Promise.all([
				body.pipeTo(writable),
				bucket.put(objectKey, readable, { httpMetadata: { contentType }, customMetadata: { contentType } }),
			]);
		},
		read: async (objectKey) => {
			const object = await bucket.get(objectKey);
			return object === null ? null : { body: object.body, byteLength: object.size };
		},
		delete: (objectKeys) => bucket.delete([...objectKeys]),
		has: async (objectKey) => (await bucket.head(objectKey)) !== null,
		list: async (prefix, cursor) => {
			const page = await bucket.list({ prefix, ...(cursor === null ? {} : { cursor }) });
			return {
				objects: page.objects.map(({ key, uploaded }) => ({ objectKey: key, putAtMs: uploaded.getTime() })),
				cursor: page.truncated ? page.cursor : null,
			};
		},
	};
}
