import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';

import { policyVersions } from '../../../schema/policy';
import { users } from '../../../schema/users';
import type { PolicyVersion } from '../../../studios/policy/policy';
import type { MailDeps } from '../deps';
import { inOneBatch } from '../credits/post-entry';
import { ID_PREFIXES } from '../ids';
import { log, logError } from '../log';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { textHashOf } from './policy-text';
import { holdsFrom, type RegisteredVersion } from './read-registry';

const DAY_MS = 86_400_000;
/** People who are told in one sweep; each is a mail of a few KB in one batch. */
export const TOLD_AT_ONCE = 40;

type RegistryDeps = Pick<MailDeps, 'db' | 'now' | 'newId' | 'studio' | 'queue' | 'mailKey'>;

/** Under its name stand other words than those that people were told of. */
class PolicyTextChanged extends Error {
	override readonly name = 'ConfigError';
	constructor(version: string) {
		super(
			`The text of policy ${version} is not the one that was registered. Restore it, or give the change a version of its own (studios/policy).`,
		);
	}
}

/**
 * Carries the code's versions of the policy through their life, one bounded step a sweep: seen, told to everybody, in force
 * (DD-43, DS-43). None holds before its day and before its notice is over; the table's CHECKs say so too. In an empty registry
 * what the day has come of holds at once, since nobody was here to be told. Under a name that was registered with other words, neither
 * telling nor taking force goes on until they are restored.
 */
export async function keepRegistry(deps: RegistryDeps): Promise<void> {
	const rows = await deps.db.select().from(policyVersions).orderBy(asc(policyVersions.version));
	const known = new Map(rows.map((row) => [row.version, row]));
	const isFirstLook = rows.length === 0;
	for (const version of deps.studio.policy.versions) {
		const row = known.get(version.version);
		if (row === undefined) await register(deps, version, { isFirstLook });
		else await follow(deps, version, row);
	}
}

async function register(deps: RegistryDeps, version: PolicyVersion, { isFirstLook }: { isFirstLook: boolean }) {
	const { db, now, studio } = deps;
	const nowMs = now().getTime();
	const plannedAtMs = Date.parse(version.effective);
	const holds = isFirstLook && plannedAtMs <= nowMs;
	const needsNotice = version.isMaterial && !holds;
	await db
		.insert(policyVersions)
		.values({
			version: version.version,
			textHash: await textHashOf(studio, version),
			isMaterial: version.isMaterial,
			noticeMs: needsNotice ? studio.policy.changes.noticeDays * DAY_MS : 0,
			plannedAtMs,
			firstSeenAtMs: nowMs,
			...(holds ? { notifiedAtMs: nowMs, effectiveAtMs: nowMs } : {}),
		})
		.onConflictDoNothing();
	log('policy_seen', { version: version.version, holds });
}

async function follow(deps: RegistryDeps, version: PolicyVersion, row: RegisteredVersion): Promise<void> {
	if ((await textHashOf(deps.studio, version)) !== row.textHash) {
		logError('policy_text_changed', new PolicyTextChanged(version.version), { version: version.version });
		// Nobody is told of these words under that name, and they do not take force: what people were told of does, or nothing.
		return;
	}
	if (row.effectiveAtMs !== null) return;
	const nowMs = deps.now().getTime();
	if (row.notifiedAtMs === null) {
		if (Date.parse(version.announced) <= nowMs) await tellSome(deps, version, row);
		return;
	}
	if (nowMs < holdsFrom(row)) return;
	await deps.db
		.update(policyVersions)
		.set({ effectiveAtMs: nowMs })
		.where(and(eq(policyVersions.version, row.version), isNull(policyVersions.effectiveAtMs)));
	log('policy_in_force', { version: row.version });
}

/** Queues the notice for the next people in the order of their ids; after the last one it is said that everybody was told. */
async function tellSome(deps: RegistryDeps, version: PolicyVersion, row: RegisteredVersion): Promise<void> {
	const { db, now } = deps;
	const here = eq(policyVersions.version, row.version);
	const next = row.isMaterial
		? await db
				.select({ userId: users.id, email: users.email })
				.from(users)
				.where(and(eq(users.emailVerified, true), gt(users.id, row.toldThrough ?? '')))
				.orderBy(asc(users.id))
				.limit(TOLD_AT_ONCE)
		: [];
	const last = next.at(-1);
	if (last === undefined) {
		await db
			.update(policyVersions)
			// The number was where to go on, and may be of somebody who is erased one day.
			.set({ notifiedAtMs: now().getTime(), toldThrough: null })
			.where(and(here, isNull(policyVersions.notifiedAtMs)));
		return;
	}
	const letters = await Promise.all(
		next.map(async ({ userId, email }) =>
			mailStatements(
				deps,
				{
					kind: 'policy_change',
					to: email,
					version: version.version,
					holdsFromMs: Math.max(row.plannedAtMs, now().getTime() + row.noticeMs),
					changes: [...version.changes],
				},
				{ id: await noticeIdOf(row.version, userId), userId },
			),
		),
	);
	await db.batch(
		inOneBatch([
			...letters.flatMap(({ statements }) => statements),
			db
				.update(policyVersions)
				.set({ toldThrough: last.userId })
				.where(and(here, sql`${policyVersions.toldThrough} is ${row.toldThrough}`)),
		]),
	);
	for (const { mailId } of letters) await tellMail(deps, mailId);
}

/** Of one notice to one person: told twice by sweeps that overlap, the second batch is refused whole. */
async function noticeIdOf(version: string, userId: string): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${version} ${userId}`));
	const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
	return `${ID_PREFIXES.mail}_${hex.slice(0, 26)}`;
}
