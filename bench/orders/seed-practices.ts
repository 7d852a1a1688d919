import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';

import { accounts } from '../../schema/accounts';
import { apiKeys } from '../../schema/api-keys';
import { consents, subjects } from '../../schema/consents';
import { memberships } from '../../schema/memberships';
import { uploads } from '../../schema/uploads';
import { users } from '../../schema/users';
import { dental } from '../../studios/dental';
import { retentionMs } from '../../studios/policy/policy';
import { toolOf } from '../../studios/studio';
import type { Actor } from '../../workers/core/actor';
import { inOneBatch } from '../../workers/core/credits/post-entry';
import { openCreditAccountStatements } from '../../workers/core/credits/statements';
import { newId } from '../../workers/core/ids';
import { newSecret } from '../../workers/core/keys/key-secret';
import { toCredits } from '../../workers/core/money';
import { acceptanceStatement } from '../../workers/core/policy/accept-policy';
import { OPEN_RENDERS_MAX } from '../../workers/core/renders/start-render';

export const TOOL = 'smile.video';
/** As many orders as a practice may have open at once: none is refused, and no limit is lifted for the bench. */
export const ORDERS_PER_PRACTICE = OPEN_RENDERS_MAX;
/** The tables that practices are made of, each after those it refers to. */
export const PRACTICE_TABLES = [
	'users',
	'accounts',
	'memberships',
	'api_keys',
	'credit_accounts',
	'credit_buckets',
	'credit_entries',
	'credit_parts',
	'subjects',
	'consents',
	'uploads',
] as const;
const YEAR_MS = 365 * 86_400_000;
const HOUR_MS = 3_600_000;

export interface OrderingPractice {
	readonly actor: Actor;
	/** Its API key, as a program would send it. */
	readonly key: string;
	readonly uploadId: string;
}

/** Practices with a patient, a consent, a photo, a key, and credits for as many orders as may be open. */
export async function seedPractices(d1: D1Database, count: number): Promise<OrderingPractice[]> {
	const practices: OrderingPractice[] = [];
	for (let index = 0; index < count; index += 1) practices.push(await seedPractice(d1, index));
	return practices;
}

async function seedPractice(d1: D1Database, index: number): Promise<OrderingPractice> {
	const db = drizzle(d1);
	const at = new Date();
	const nowMs = at.getTime();
	const createdAtMs = nowMs;
	const [userId, accountId, keyId] = [newId('user'), newId('account'), newId('key')];
	const [subjectId, consentId, uploadId] = [newId('subject'), newId('consent'), newId('upload')];
	const { key, secretHash, ending } = await newSecret();
	const name = `Bench practice ${index}`;
	const credits = (toolOf(dental, TOOL)?.credits ?? 0) * ORDERS_PER_PRACTICE;
	const { statement: accept } = await acceptanceStatement(
		{ db, now: () => at, studio: dental },
		{ userId, surface: 'sign_up' },
	);
	await db.batch(
		inOneBatch([
			db.insert(users).values({
				id: userId,
				name,
				email: `bench-${index}@practice.example`,
				emailVerified: true,
				createdAt: at,
				updatedAt: at,
			}),
			accept,
			db.insert(accounts).values({ id: accountId, name, createdAtMs }),
			db.insert(memberships).values({ accountId, userId, role: 'owner', createdAtMs }),
			db.insert(apiKeys).values({
				id: keyId,
				accountId,
				userId,
				name,
				secretHash,
				ending,
				scopes: ['renders:write'],
				createdAtMs,
				expiresAtMs: nowMs + YEAR_MS,
			}),
			...openCreditAccountStatements(db, {
				accountId,
				welcomeCredits: toCredits(credits),
				nowMs,
				isWelcome: sql`true`,
			}),
			db.insert(subjects).values({ id: subjectId, accountId, reference: 'BENCH', createdAtMs }),
			db.insert(consents).values({
				id: consentId,
				accountId,
				subjectId,
				state: 'active',
				textVersion: dental.consentTextVersion,
				purposes: ['show_in_room'],
				expiresAtMs: nowMs + YEAR_MS,
				signedAtMs: nowMs,
				toldOfRevocation: true,
				toldTreatmentNotConditioned: true,
				toldOfRedisclosure: true,
				createdAtMs,
			}),
			db.insert(uploads).values({
				id: uploadId,
				accountId,
				subjectId,
				consentId,
				kind: 'source',
				state: 'ready',
				objectKey: `bench/${uploadId}`,
				contentType: 'image/jpeg',
				declaredBytes: 1,
				byteLength: 1,
				width: 1,
				height: 1,
				createdAtMs,
				putExpiresAtMs: nowMs + HOUR_MS,
				deleteAtMs: nowMs + retentionMs(dental.policy, 'source'),
				deleteClock: 'creation',
				receiptId: newId('receipt'),
			}),
		]),
	);
	return { actor: { userId, accountId, via: { kind: 'key', keyId } }, key, uploadId };
}
