/** What is promised about data, and whether it is kept: for anybody. */
import { z } from '@hono/zod-openapi';

import { CHOICE_PURPOSES, CLAIM_TOPICS, DATA_CLASSES } from '../../../studios/policy/policy';
import { CLAIM_STATES } from '../../core/policy/claim-state';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const words = z.array(z.string());

const Retention = z.discriminatedUnion('mode', [
	z.object({ mode: z.literal('until_deleted') }),
	z.object({ mode: z.literal('duration'), anchor: z.string(), ms: z.number().int() }),
	z.object({ mode: z.literal('statutory'), years: z.number().int(), why: z.string() }),
	z.object({ mode: z.literal('for_good'), why: z.string() }),
]);

const Review = z.discriminatedUnion('state', [
	z.object({ state: z.literal('draft') }),
	z.object({ state: z.literal('reviewed'), by: z.string(), on: z.string(), textHash: z.string() }),
]);

const Version = z.object({
	version: z.string().openapi({ example: '2026-11-21' }),
	announced: z.string(),
	effective: z.string().openapi({ description: 'Not before this day' }),
	effectiveAt: time.nullable().openapi({ description: 'Since when it holds; null: it does not yet' }),
	isMaterial: z.boolean(),
	changes: words,
	review: Review,
});

const evidence = z
	.object({
		at: time,
		held: z.number().int(),
		oldestAgeMs: z.number().int().nullable(),
		late: z.number().int(),
	})
	.nullable();

const ClaimSummary = z.object({
	id: z.string().openapi({ example: 'DD-25' }),
	topic: z.enum(CLAIM_TOPICS),
	sentence: z.string(),
	grade: z.enum(['E1', 'E2', 'E3', 'E4', 'E5']),
	state: z.enum(CLAIM_STATES),
	why: z.string(),
	at: time.nullable().openapi({ description: 'Since when that is known' }),
	evidence,
});

export const ClaimAnswer = ClaimSummary.extend({
	enforcedBy: words,
	tests: z.array(z.object({ file: z.string(), title: z.string() })),
	ran: z.number().int().nullable().openapi({ description: 'Tests of it that ran on this build; null: none' }),
	passed: z.number().int().nullable(),
	attested: z.object({ by: z.string(), on: z.string(), until: z.string() }).nullable(),
}).openapi('Claim');

export const PolicyAnswer = z
	.object({
		studio: z.string(),
		version: Version,
		textHash: z.string(),
		isTextChanged: z.boolean().openapi({ description: 'The words are not those that were registered under this name' }),
		announced: Version.nullable(),
		provedAt: time.nullable().openapi({ description: 'When the tests of this build ended; null: not run on it' }),
		controller: z.object({
			name: z.string(),
			address: z.string(),
			email: z.string(),
			dataProtectionOfficer: z.string(),
			euRepresentative: z.string(),
		}),
		location: z.object({ claim: z.string(), jurisdiction: z.enum(['us', 'eu']) }),
		data: z.array(
			z.object({
				id: z.enum(DATA_CLASSES),
				title: z.string(),
				what: z.string(),
				purposes: words,
				basis: z.enum(['contract', 'law', 'interest', 'consent']),
				retention: Retention,
			}),
		),
		processors: z.array(
			z.object({
				id: z.string(),
				name: z.string(),
				purpose: z.string(),
				gets: z.array(z.enum(DATA_CLASSES)),
				what: z.string(),
				location: z.string(),
				transfer: z.enum(['scc', 'dpf', 'none']),
				role: z.enum(['processor', 'controller']),
				deletion: z.string(),
				contractAttestedUntil: z.string().nullable(),
				hosts: words,
			}),
		),
		trackers: z.array(
			z.object({
				id: z.string(),
				name: z.string(),
				what: z.string(),
				purpose: z.enum(CHOICE_PURPOSES),
				asks: z.enum(['always', 'where_required', 'never']),
				cookies: z.array(z.object({ name: z.string(), days: z.number(), what: z.string() })),
				tabKeys: z
					.array(z.object({ name: z.string(), what: z.string() }))
					.openapi({ description: 'What it keeps in a tab’s own store, until the tab is closed.' }),
				hosts: words,
			}),
		),
		rights: z.object({ responseDays: z.number(), extensionDays: z.number(), alarmDays: z.number() }),
		noticeDays: z.number(),
		erasure: z.object({
			deadlineHours: z.number(),
			residue: z.array(z.object({ what: z.string(), why: z.string(), until: z.string() })),
		}),
		children: z.string(),
		staffAccess: z.enum(['none', 'break_glass']),
		history: z.string(),
		claims: z.array(ClaimSummary),
	})
	.openapi('Policy');

export const VersionList = z.object({ items: z.array(Version) }).openapi('PolicyVersions');

export const AcceptanceOrder = z
	.object({ version: z.string().min(1).max(40).openapi({ description: 'The version that was read' }) })
	.openapi('PolicyAcceptanceOrder');

export const AcceptanceAnswer = z.object({ version: z.string() }).openapi('PolicyAcceptance');
