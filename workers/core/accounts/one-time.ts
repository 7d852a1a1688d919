import { createHash, randomBytes } from 'node:crypto';

import { and, eq, gt, lte, sql } from 'drizzle-orm';

import { verifications } from '../../../schema/users';
import type { Deps } from '../deps';

const SECRET_BYTES = 32;

/** What is kept under a secret until somebody comes back with it, once: kinds never answer for one another. */
export type OneTimeKind = 'provider' | 'passkey' | 'passkey_add';

/** 256 random bits, base64url. */
export function newSecret(): string {
	return randomBytes(SECRET_BYTES).toString('base64url');
}

/**
 * Keeps a value until it is taken or the time is over, in place of one under the same secret. The table holds the secret's
 * hash, so a copy of it brings nobody in. Times are the machine's, as all that better-auth keeps in this table.
 */
export async function keepOnce(
	{ db }: Pick<Deps, 'db'>,
	{ kind, secret, value, minutes }: { kind: OneTimeKind; secret: string; value: object; minutes: number },
): Promise<void> {
	const id = idOf(kind, secret);
	const at = new Date();
	const expiresAt = new Date(at.getTime() + minutes * 60_000);
	const row = { value: JSON.stringify(value), expiresAt, createdAt: at, updatedAt: at };
	await db.batch([
		db.delete(verifications).where(lte(verifications.expiresAt, at)),
		db
			.insert(verifications)
			.values({ id, identifier: id, ...row })
			.onConflictDoUpdate({ target: verifications.id, set: row }),
	]);
}

/** Adds a field to what is kept; nothing when nothing is. */
export async function addToKept(
	{ db }: Pick<Deps, 'db'>,
	{ kind, secret, field, text }: { kind: OneTimeKind; secret: string; field: string; text: string },
): Promise<void> {
	await db
		.update(verifications)
		.set({ value: sql`json_set(${verifications.value}, ${`$.${field}`}, ${text})` })
		.where(and(eq(verifications.id, idOf(kind, secret)), gt(verifications.expiresAt, new Date())));
}

/**
 * Takes what is kept, for the first who asks; null when it is unknown, taken or over. With `provider`, what was kept for
 * another one is not touched.
 */
export async function takeOnce(
	{ db }: Pick<Deps, 'db'>,
	{ kind, secret, provider }: { kind: OneTimeKind; secret: string; provider?: string },
): Promise<unknown> {
	const [row] = await db
		.delete(verifications)
		.where(
			and(
				eq(verifications.id, idOf(kind, secret)),
				gt(verifications.expiresAt, new Date()),
				provider === undefined ? undefined : sql`json_extract(${verifications.value}, '$.provider') = ${provider}`,
			),
		)
		.returning({ value: verifications.value });
	return row === undefined ? null : JSON.parse(row.value);
}

function idOf(kind: OneTimeKind, secret: string): string {
	return `${kind}.${createHash('sha256').update(secret).digest('base64url')}`;
}
