import type { Edit, Mutant } from './mutant';

/** A promise that is weakened in one place; tests that its claim names have to notice. */
export interface ClaimMutant extends Mutant {
	/** Of `studios/policy/claims`. */
	readonly claim: string;
}

function weakened(claim: string, what: string, edit: Edit, ...tests: readonly string[]): ClaimMutant {
	return { name: `claim-${claim}-${what}`, claim, edits: [edit], tests: tests.map((file) => `test/${file}.test.ts`) };
}

const CLASSES = 'studios/policy/data-classes.ts';
const EGRESS = 'workers/core/egress/egress.ts';
const START = 'workers/core/renders/start-render.ts';
const ACCEPT = 'workers/core/policy/accept-policy.ts';
const REGISTRY = 'workers/core/policy/keep-registry.ts';
const MIGRATION = 'migrations/0003_policy-executed.sql';

/** Longer, further, to more people, or without being asked: each of these has to turn its claim red. */
export const CLAIM_MUTANTS: readonly ClaimMutant[] = [
	weakened(
		'DD-25',
		'photos-stay-longer',
		{
			file: 'workers/core/retention/sweep.ts',
			find: 'lte(uploads.deleteAtMs, dueMs), isNotHeld(uploads.accountId',
			replace: 'lte(uploads.deleteAtMs, dueMs - 3_600_000), isNotHeld(uploads.accountId',
		},
		'core/retention/sweep',
	),
	weakened(
		'BD-16',
		'records-without-a-number',
		{
			file: CLASSES,
			find: "anchor: 'after it happened', ms: 731 * DAY_MS },\n	},\n	mail: {",
			replace: "anchor: 'after it happened', ms: 0 },\n	},\n	mail: {",
		},
		'scripts/policy-lint',
	),
	weakened(
		'DS-26',
		'an-order-moves-the-clock',
		{ file: START, find: 'basis === null || !restartsWithRender(studio.policy)', replace: 'basis === null' },
		'core/policy/photo-clock',
	),
	weakened(
		'DD-24',
		'a-link-without-an-end',
		{
			file: 'workers/core/renders/start-attempt.ts',
			find: 'Math.min(deps.now().getTime() + INPUT_URL_MINUTES * 60_000, source?.deleteAtMs ?? Infinity)',
			replace: 'deps.now().getTime() + 86_400_000',
		},
		'core/renders/advance-render',
	),
	weakened(
		'DS-37',
		'a-link-outlives-its-end',
		{
			file: 'workers/core/media/sign-url.ts',
			find: 'if (nowMs >= claims.expiresAtMs) throw',
			replace: 'if (nowMs < 0) throw',
		},
		'core/media/sign-url',
	),
	weakened(
		'DD-28',
		'orders-without-consent',
		{ file: START, find: 'if (tool.needsConsent) requireValidConsent(row.consent, nowMs);', replace: '' },
		'core/renders/start-render',
	),
	weakened(
		'DD-04',
		'orders-without-acceptance',
		{ file: START, find: 'sql`${isFree} and ${hasAccepted(deps, actor.userId)}`', replace: 'isFree' },
		'core/policy/acceptance',
	),
	weakened(
		'DD-43a',
		'a-change-asks-nobody',
		{
			file: ACCEPT,
			find: 'return hasAcceptance(userId, versionInForce(deps, { isMaterial: true }));',
			replace: "return hasAcceptance(userId, sql`''`);",
		},
		'core/policy/acceptance',
	),
	weakened(
		'DD-43',
		'a-change-without-its-notice',
		{
			file: MIGRATION,
			find: `"policy_versions"."effective_at_ms" - "policy_versions"."notified_at_ms" >= "policy_versions"."notice_ms"`,
			replace: 'true',
		},
		'core/policy/registry',
	),
	weakened(
		'DS-43',
		'half-of-them-are-told',
		{
			file: REGISTRY,
			find: "gt(users.id, row.toldThrough ?? '')",
			replace: "gt(users.id, row.toldThrough === null ? '' : '~')",
		},
		'core/policy/registry',
	),
	weakened(
		'DD-02',
		'other-words-under-one-date',
		{ file: REGISTRY, find: '!== row.textHash) {', replace: '!== row.textHash && row.noticeMs > 1e15) {' },
		'core/policy/registry',
	),
	weakened(
		'DD-32',
		'anybody-may-be-told',
		{
			file: EGRESS,
			find: 'if (!isListed && (isProduction || !isLoopback(url)))',
			replace: 'if (!isListed && isLoopback(url) && isProduction)',
		},
		'core/egress/egress',
	),
	weakened(
		'DD-33',
		'a-host-that-nobody-lists',
		{
			file: 'workers/core/gateways/openai.ts',
			find: '/** A picture takes up to two minutes;',
			replace: "export const COLLECTOR = 'https://collect.data-broker.net';\n\n/** A picture takes up to two minutes;",
		},
		'scripts/policy-lint',
	),
	weakened(
		'DD-37',
		'a-column-without-a-class',
		{ file: 'schema/data-map/people.ts', find: "personal: 'name email image',", replace: "personal: 'name email'," },
		'docs/data-map',
	),
	weakened(
		'DD-38',
		'files-somewhere-else',
		{ file: 'workers/media/wrangler.toml', find: 'jurisdiction = "us"', replace: 'jurisdiction = "eu"' },
		'scripts/policy-lint',
	),
	weakened(
		'DS-16',
		'updates-without-a-yes',
		{
			file: 'workers/core/mail/why-not-sent.ts',
			find: "return reader.choice === 'granted' ? null : 'not_wanted';",
			replace: "return reader.choice === 'denied' ? 'not_wanted' : null;",
		},
		'core/mail/send-by-class',
	),
	weakened(
		'DD-31',
		'a-signal-that-nobody-hears',
		{
			file: 'workers/core/choices/regime.ts',
			find: "if (hasGpc && tracker.purpose === 'advertising') return { isAllowed: false, isAsked: false };",
			replace: '',
		},
		'core/choices/regime',
	),
	weakened(
		'BD-05',
		'looks-for-a-day',
		{
			file: 'workers/core/staff-access/grant-staff-access.ts',
			find: 'ACCESS_MINUTES * 60_000;',
			replace: 'ACCESS_MINUTES * 60_000 * 48;',
		},
		'core/staff-access/staff-access',
	),
];
