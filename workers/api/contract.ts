/** The bodies of the HTTP API (design §4): what is parsed at this edge, and what it promises to answer. */
import { z } from '@hono/zod-openapi';

import { ROLES } from '../../studios/roles';
import { ASSET_KINDS, SIGN_IN_WAYS } from '../../studios/studio';
import { ENTRY_KINDS } from '../core/credits/list-entries';
import { STATUS_BY_CODE } from '../core/errors';
import { CREDITS_MAX } from '../core/money';
import { ReceiptProof } from './contract/log';
import { channel, consentStanding, jurisdiction } from './contract/shares';

const codes = Object.keys(STATUS_BY_CODE);

export const Refusal = z
	.object({
		error: z.object({
			code: z.enum(['internal', ...codes]),
			message: z.string(),
			details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
		}),
	})
	.openapi('Refusal');

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });

export const Health = z.object({ ok: z.literal(true), studio: z.string(), version: z.string() }).openapi('Health');

const Item = z.object({
	id: z.string().openapi({ example: 'pack.100' }),
	title: z.string(),
	credits: z.number().int(),
	cents: z.number().int().openapi({ description: 'Without tax' }),
	currency: z.string(),
	buys: z.string().nullable().openapi({ description: 'What these credits make', example: '4 smiles' }),
});

export const StudioAnswer = z
	.object({
		slug: z.enum(['dental', 'media', 'image']),
		name: z.string(),
		policyVersion: z.string(),
		welcomeCredits: z.number().int(),
		tenancy: z.object({
			kind: z.enum(['practice', 'workspace', 'personal']),
			word: z.string(),
			membersMax: z.number().int(),
			hasApiKeys: z.boolean(),
		}),
		/** What people state about themselves when they open an account or join one; null: nothing. */
		statement: z
			.object({ kind: z.enum(['professional', 'age']), textVersion: z.string(), text: z.string() })
			.nullable(),
		/** How people may sign in here: the studio's list, as far as it is configured. */
		signIn: z.array(z.enum(SIGN_IN_WAYS)),
		tools: z.array(
			z.object({
				id: z.string(),
				title: z.string(),
				credits: z.number().int(),
				breakdown: z.array(z.object({ item: z.string(), credits: z.number().int() })),
				stages: z.array(z.object({ id: z.string(), title: z.string(), expectedSeconds: z.number() })),
			}),
		),
		/** Bought once. */
		packs: z.array(Item),
		packMonths: z
			.number()
			.int()
			.openapi({ description: 'Credits of a pack end so many months after they were paid for.' }),
		/** Charged each month; their credits end with it. */
		plans: z.array(Item),
		lowBalanceCredits: z.number().int().openapi({ description: 'Below it, credits run low.' }),
		limits: z.object({
			uploadBytesMax: z.number().int(),
			uploadPixelsMax: z.number().int(),
			uploadSideMax: z.number().int(),
			promptLengthMax: z.number().int(),
			renderMinutesMax: z.number().int(),
		}),
		toCome: z.array(z.string()),
	})
	.openapi('Studio');

export const SessionAnswer = z
	.discriminatedUnion('signedIn', [
		z.object({ signedIn: z.literal(false) }),
		z.object({
			signedIn: z.literal(true),
			user: z.object({ name: z.string(), email: z.string() }),
			/** What this session acts in; null before one was chosen, and once the person does not belong to it any more. */
			account: z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES) }).nullable(),
			isAccountLost: z
				.boolean()
				.openapi({ description: 'It acted in one that the person does not belong to any more' }),
			isRestricted: z.boolean().openapi({ description: 'Processing is restricted in that account' }),
			/** Of that account. */
			credits: z.object({ available: z.number().int(), held: z.number().int() }),
			/** How many the person belongs to. */
			accountCount: z.number().int(),
			policy: z
				.object({
					isAccepted: z.boolean(),
					announced: z.string().nullable().openapi({ description: 'A version that people are being told of' }),
				})
				.openapi({ description: 'Without the acceptance of what holds, nothing can be ordered.' }),
		}),
	])
	.openapi('Session');

export const SubjectOrder = z
	.object({
		reference: z
			.string()
			.trim()
			.min(1, 'Give the patient a reference of your own, such as M-2041.')
			.max(40, 'A reference has 40 characters at most.')
			.openapi({ example: 'M-2041', description: 'Your own reference for the patient. Not a name.' }),
	})
	.openapi('SubjectOrder');

export const SubjectAnswer = z.object({ id: z.string(), reference: z.string(), createdAt: time }).openapi('Subject');

export const CONSENT_PURPOSES = ['show_in_room', 'patient_copy', 'website', 'social_media'] as const;

const line = (label: string, max: number) => z.string().trim().max(max, `${label} has ${max} characters at most.`);

export const ConsentOrder = z
	.object({
		subjectId: z.string(),
		description: line('The description', 500).optional(),
		discloser: line('Who may disclose', 200).optional(),
		recipient: line('To whom', 300).optional(),
		purposes: z.array(z.enum(CONSENT_PURPOSES)).max(CONSENT_PURPOSES.length).default([]),
		channels: z.array(channel).max(4).optional().openapi({
			description: 'Fewer uses than the purposes mean, if the signer chose so. Left out: all that they mean.',
		}),
		expiresAt: time.optional().openapi({
			description: 'At most what the rules of the practice’s place allow: a year after the signature in California.',
		}),
		comesOfAgeAt: time.optional().openapi({
			description: 'Of a minor: when they come of age. A representative signs until then. It is compared and not kept.',
		}),
		signerName: line('The name', 120).optional(),
		signerRole: z.enum(['patient', 'representative']).optional(),
		representativeAuthority: line('The authority', 200).optional(),
		signedAt: time.optional(),
		toldOfRevocation: z.boolean().default(false),
		toldTreatmentNotConditioned: z.boolean().default(false),
		toldOfRedisclosure: z.boolean().default(false),
	})
	.openapi('ConsentOrder', {
		description: 'Every element of 45 CFR 164.508(c). What is left out is named in `missing`.',
	});

export const ConsentAnswer = z
	.object({
		id: z.string(),
		subjectId: z.string(),
		subjectReference: z.string(),
		state: z.enum(['draft', 'active', 'expired', 'revoked']),
		signedVia: z.enum(['staff', 'link', 'paper']).nullable().openapi({
			description: 'Typed in by the practice, on the patient’s own phone, or on paper. Null: not signed, or not noted.',
		}),
		hasPaper: z.boolean().openapi({ description: 'Whether the paper that it was signed on is here' }),
		signerRole: z.enum(['patient', 'representative']).nullable(),
		endsSoon: z.boolean().openapi({ description: 'In force, with an end within 30 days' }),
		expiresAt: time.nullable(),
		purposes: z.array(z.string()),
		/** The uses that are still allowed; fewer once it was narrowed. */
		channels: z.array(channel),
		missing: z.array(z.object({ element: z.string(), sentence: z.string() })),
		textVersion: z.string(),
		createdAt: time,
		revokedAt: time.nullable(),
		narrowedAt: time.nullable(),
	})
	.openapi('Consent');

/** One consent by itself: with the words that were signed, and with what ends when it does. */
export const ConsentDetail = ConsentAnswer.extend({
	elements: z.object({
		description: z.string().nullable(),
		discloser: z.string().nullable(),
		recipient: z.string().nullable(),
		signerName: z.string().nullable(),
		representativeAuthority: z.string().nullable(),
		signedAt: time.nullable(),
		isDrawn: z.boolean().openapi({ description: 'By finger. Otherwise the name was typed, or stands on paper.' }),
		paperCheckedAt: time.nullable(),
	}),
	rests: z.object({
		photos: z.number().int(),
		made: z.number().int().openapi({ description: 'Pictures, videos and compositions' }),
		underWay: z.number().int(),
		links: z.number().int(),
		posted: z.number().int().openapi({ description: 'Copies elsewhere that nobody has seen to be gone' }),
	}),
}).openapi('ConsentDetail');

export const ConsentList = z
	.object({ subject: z.object({ id: z.string(), reference: z.string() }), items: z.array(ConsentAnswer) })
	.openapi('ConsentList');

export const RevocationAnswer = z
	.object({
		id: z.string(),
		state: z.literal('revoked'),
		photosBeingDeleted: z.number().int(),
		madeBeingDeleted: z.number().int().openapi({ description: 'Pictures, videos and compositions made under it' }),
		receiptId: z.string(),
	})
	.openapi('Revocation');

export const UPLOAD_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

export const UploadOrder = z
	.object({
		kind: z.enum(['source', 'logo', 'paper']).openapi({
			description:
				'`source`: a photo to work on. `logo`: for the account’s profile, 2 MB and 2000 pixels a side at most. `paper`: what a draft consent was signed on, a picture or a PDF of 10 MB and 20 pages at most.',
		}),
		contentType: z.string().max(100),
		byteLength: z.number().int().positive(),
		subjectId: z.string().optional(),
		consentId: z.string().optional(),
	})
	.openapi('UploadOrder');

export const UploadAnswer = z
	.object({
		id: z.string(),
		state: z.enum(['awaiting', 'ready', 'deleting', 'deleted', 'rejected', 'expired']),
		subjectId: z.string().nullable(),
		subjectReference: z.string().nullable(),
		consentId: z.string().nullable(),
		contentType: z.string(),
		byteLength: z.number().int().nullable(),
		width: z.number().int().nullable(),
		height: z.number().int().nullable(),
		/** Null for what is kept: a logo, and a paper that was checked. */
		deleteAt: time.nullable(),
		deletedAt: time.nullable(),
		receiptId: z.string(),
		/** A view of the photo, for minutes; null once it is gone, and of a paper, which its consent shows. */
		url: z.string().nullable(),
		put: z.object({ url: z.string(), headers: z.record(z.string(), z.string()), expiresAt: time }).optional(),
	})
	.openapi('Upload');

export const Order = z
	.object({
		tool: z.string().max(60),
		input: z.record(z.string(), z.unknown()),
		creditsMax: z.number().int().min(1).max(CREDITS_MAX).optional().openapi({
			description:
				'No more than so many credits: refused as `price_above_limit` when it costs more now. No part of what an Idempotency-Key stands for.',
		}),
	})
	.openapi('Order', {
		description:
			'`smile.video` takes {uploadId, treatment, fromShade, toShade, strength?, evenness?, choices?, teeth?}. Treatments are whitening, bonding, veneers, crowns, aligners, gum-contouring and makeover; aligners and gum-contouring keep the colour and take no shades, strength or evenness. `teeth` are FDI numbers, strength and evenness per cent. `image.generate` takes {prompt}.',
		example: {
			tool: 'smile.video',
			input: { uploadId: 'upl_…', treatment: 'whitening', fromShade: 'A3', toShade: 'A1' },
			creditsMax: 24,
		},
	});

export const QuoteAnswer = z
	.object({
		tool: z.string(),
		credits: z.number().int(),
		breakdown: z.array(z.object({ item: z.string(), credits: z.number().int() })),
	})
	.openapi('Quote');

export const RenderAnswer = z
	.object({
		id: z.string(),
		tool: z.string(),
		state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired']),
		stage: z.string().nullable(),
		/** 0 to 1; within a stage an estimate from its usual time, and never 1 before it ended. */
		progress: z.number(),
		stages: z.array(
			z.object({
				id: z.string(),
				title: z.string(),
				doing: z.string(),
				state: z.enum(['to_do', 'doing', 'done', 'failed']),
				tries: z.number().int(),
				startedAt: time.nullable(),
				finishedAt: time.nullable(),
				expectedSeconds: z.number(),
			}),
		),
		assets: z.array(
			z.object({
				id: z.string(),
				kind: z.enum(ASSET_KINDS),
				state: z.enum(['ready', 'deleting', 'deleted']),
				receiptId: z.string(),
			}),
		),
		input: z.record(z.string(), z.unknown()),
		subjectReference: z.string().nullable(),
		credits: z.object({ held: z.number().int(), charged: z.number().int() }),
		error: z.object({ code: z.string(), message: z.string() }).optional(),
		source: z
			.object({
				uploadId: z.string(),
				state: z.enum(['awaiting', 'ready', 'deleting', 'deleted', 'rejected', 'expired']),
				deleteAt: time,
				deletedAt: time.nullable(),
				receiptId: z.string(),
			})
			.nullable(),
		sourceDeleteAt: time.nullable(),
		/** When the processors' copies were found gone; null while one may be left, or none was made. */
		processorsForgotAt: time.nullable(),
		/** What each processor was asked about keeping, and what was seen when its copies were looked for. */
		processors: z.array(
			z.object({
				name: z.string(),
				requests: z.number().int(),
				inputUrlSecondsMax: z.number().int().nullable(),
				storageOff: z.number().int(),
				copied: z.number().int(),
				payloadsDeleted: z.number().int(),
				deletedAt: time.nullable(),
				addressesSeen: z.array(z.object({ status: z.number().int(), count: z.number().int() })),
				verifiedAt: time.nullable(),
			}),
		),
		consent: consentStanding,
		createdAt: time,
		finishedAt: time.nullable(),
	})
	.openapi('Render');

export const RenderList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				tool: z.string(),
				state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired']),
				subjectReference: z.string().nullable(),
				input: z.record(z.string(), z.unknown()),
				creditsCharged: z.number().int(),
				sourceDeleteAt: time.nullable(),
				sourceDeletedAt: time.nullable(),
				/** A picture to show in the list, for minutes; null while there is none or it was deleted. */
				pictureUrl: z.string().nullable(),
				consent: consentStanding,
				createdAt: time,
				finishedAt: time.nullable(),
			}),
		),
		nextCursor: z.string().nullable(),
	})
	.openapi('RenderList');

export const AssetAnswer = z
	.object({
		id: z.string(),
		renderId: z.string(),
		kind: z.enum(ASSET_KINDS),
		assetClass: z.enum(['source', 'simulation', 'genuine_pair', 'generated', 'composition']),
		contentType: z.string(),
		byteLength: z.number().int(),
		width: z.number().int().nullable(),
		height: z.number().int().nullable(),
		seconds: z.number().nullable(),
		url: z.string(),
		/** Null where the publish gate keeps copies from leaving. */
		downloadUrl: z.string().nullable(),
		urlExpiresAt: time,
		disclosure: z.string(),
		publish: z.array(
			z.object({
				place: z.enum(['show_in_room', 'patient_copy', 'share_link', 'website', 'social_media']),
				use: channel,
				isAllowed: z.boolean(),
				rule: z.string(),
				ruleId: z.string(),
				source: z.string().openapi({ example: 'Cal. B&P §651(b)(3)(A)' }),
				label: z.string().nullable().openapi({ description: 'What has to be readable inside the picture' }),
			}),
		),
		/** By whose rules that is. */
		jurisdiction,
		isJurisdictionChosen: z.boolean().openapi({ description: 'false: the studio’s strictest place is assumed' }),
	})
	.openapi('Asset');

export const RenderView = z
	.object({ render: RenderAnswer, source: UploadAnswer.nullable(), assets: z.array(AssetAnswer) })
	.openapi('RenderView');

export const DeletionAnswer = z.object({ receiptId: z.string() }).openapi('Deletion');

export const CreditsAnswer = z
	.object({
		available: z.number().int(),
		held: z.number().int(),
		owed: z.number().int(),
		buckets: z.array(
			z.object({
				id: z.string(),
				source: z.enum(['promo', 'plan', 'pack', 'refund']),
				title: z.string().openapi({ description: '“November plan”, “Pack of 3 September”.' }),
				remaining: z.number().int(),
				held: z.number().int(),
				expiresAt: time.nullable(),
				endsSoon: z.boolean().openapi({ description: 'Within two weeks, and something of it can still be spent.' }),
				createdAt: time,
			}),
		),
	})
	.openapi('Credits');

export const EntryList = z
	.object({
		items: z.array(
			z.object({
				id: z.string(),
				kind: z.enum(ENTRY_KINDS),
				amount: z.number().int(),
				balance: z.number().int(),
				from: z.array(z.string()).openapi({ description: 'Which credits: “November plan”.' }),
				renderId: z.string().nullable(),
				purchaseId: z.string().nullable(),
				sentence: z.string(),
				createdAt: time,
			}),
		),
		nextCursor: z.string().nullable(),
	})
	.openapi('EntryList');

export const IssuedReceipt = z.object({
	state: z.literal('issued'),
	id: z.string(),
	seq: z.number().int(),
	issuedAt: time,
	previousHash: z.string(),
	hash: z.string(),
	/** The exact text that was signed: canonical JSON. */
	body: z.string(),
	keyId: z.string(),
	signature: z.string(),
	publicKey: z.string(),
	/** That it is in the public log; null until a head covers it, which is a matter of minutes. */
	proof: ReceiptProof.nullable(),
});

export const ReceiptAnswer = z
	.discriminatedUnion('state', [
		z.object({
			state: z.literal('pending'),
			id: z.string(),
			dueAt: time,
			what: z.string(),
			waitingFor: z.array(z.string()),
		}),
		IssuedReceipt,
	])
	.openapi('Receipt');

export const Page = z.object({
	cursor: z.string().max(200).optional(),
	limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const RenderPage = Page.extend({
	needsAttention: z
		.enum(['yes'])
		.optional()
		.openapi({ description: 'Only what is still here with a consent that is missing, not in force, or about to end' }),
});

const accountName = z.string().trim().min(1, 'Type a name.').max(120, 'A name has 120 characters at most.');

export const AccountOrder = z
	.object({
		name: accountName,
		key: z.string().min(16).max(64).openapi({
			description: 'Chosen by you, at random: sent again with the same key, it opens no second one.',
		}),
		statementVersion: z.string().max(40).optional().openapi({
			description: 'The version of the studio’s statement that the person has made (`GET /v1/studio`).',
		}),
	})
	.openapi('AccountOrder');

export const OpenedAccount = z
	.object({
		id: z.string(),
		welcomeCredits: z
			.number()
			.int()
			.openapi({ description: 'What it began with. 0: its person had their welcome before, with another account' }),
	})
	.openapi('OpenedAccount');

export const ChosenAccount = z.object({ id: z.string() }).openapi('ChosenAccount');

export const AccountList = z
	.object({
		items: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), joinedAt: time })),
	})
	.openapi('AccountList');

export const AccountChoice = z.object({ accountId: z.string().max(60) }).openapi('AccountChoice');
