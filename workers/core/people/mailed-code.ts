import { createHmac, timingSafeEqual } from 'node:crypto';

import { and, eq, exists, gt, lte, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import { verifications } from '../../../schema/users';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { openFacts, sealFacts, type Facts } from './seal-facts';

export const CODE_MINUTES = 10;
export const CODE_TRIES_MAX = 5;
const CODE_DIGITS = 6;

/** What a code is good for; one that was mailed for one purpose proves nothing for another. */
export type CodePurpose = 'sign_up' | 'sign_in' | 'reset' | 'proof' | 'change_from' | 'change_to' | 'address';

export type CodeDeps = Pick<AccessDeps, 'db' | 'lookupKey'>;

/** Whose code, and what for. `of`: the address it is mailed to, or the id of the session that asked. */
interface CodeName {
	purpose: CodePurpose;
	of: string;
	/** Known to the browser that asked and to nobody else; without the same one nothing is even tried. */
	ticket?: string;
}

const StoredCode = z.object({ hash: z.string(), facts: z.string() });

/**
 * A new code and what stores it: six digits as an HMAC, good for 10 minutes and 5 tries, in place of the one before (ASVS
 * 6.5.1, 6.6.3). `facts` are kept with it, sealed, and handed to whoever brings the code. Times are the machine's, as all that
 * better-auth keeps in this table.
 */
export function newCode(
	deps: CodeDeps,
	input: CodeName & { facts?: Facts },
): { code: string; statements: ReturnType<typeof storeStatements> } {
	const code = randomDigits();
	const id = idOf(deps, input);
	const value = JSON.stringify({
		hash: hashOf(deps, id, code),
		tries: 0,
		ticket: input.ticket === undefined ? null : hmac(deps, 'ticket', input.ticket),
		facts: sealFacts(deps.lookupKey, id, input.facts ?? {}),
	});
	return { code, statements: storeStatements(deps, id, value) };
}

function storeStatements({ db }: CodeDeps, id: string, value: string) {
	const at = new Date();
	const row = { value, expiresAt: new Date(at.getTime() + CODE_MINUTES * 60_000), createdAt: at, updatedAt: at };
	return [
		db.delete(verifications).where(lte(verifications.expiresAt, at)),
		db
			.insert(verifications)
			.values({ id, identifier: id, ...row })
			.onConflictDoUpdate({ target: verifications.id, set: row }),
	] as const;
}

/** A code that was right, not yet used up: `takeStatement` does, in the batch of what it allows. */
export interface RightCode {
	facts: Facts;
	takeStatement: ReturnType<typeof takeStatement>;
	/** That nobody used it up meanwhile, at the moment the statement runs: the condition of a batch that takes it. */
	isOpen: SQL;
}

/**
 * Counts a try, then compares. Counted first and in one statement, so that tries at once are never more than allowed.
 * Refused the same way whether the address is anybody's or not.
 */
export async function tryCode(deps: CodeDeps, input: CodeName & { code: string; field?: string }): Promise<RightCode> {
	const id = idOf(deps, input);
	const field = input.field ?? 'code';
	const ticket = input.ticket === undefined ? null : hmac(deps, 'ticket', input.ticket);
	const [row] = await deps.db
		.update(verifications)
		.set({
			value: sql`json_set(${verifications.value}, '$.tries', json_extract(${verifications.value}, '$.tries') + 1)`,
		})
		.where(
			and(
				eq(verifications.id, id),
				gt(verifications.expiresAt, new Date()),
				sql`json_extract(${verifications.value}, '$.tries') < ${CODE_TRIES_MAX}`,
				sql`json_extract(${verifications.value}, '$.ticket') is ${ticket}`,
			),
		)
		.returning({ value: verifications.value, tries: sql<number>`json_extract(${verifications.value}, '$.tries')` });
	if (row === undefined) throw codeEnded(field);
	const stored = StoredCode.parse(JSON.parse(row.value));
	if (!isSame(stored.hash, hashOf(deps, id, input.code))) throw wrongCode(field, CODE_TRIES_MAX - row.tries);
	return {
		facts: openFacts(deps.lookupKey, id, stored.facts),
		takeStatement: takeStatement(deps, id, stored.hash),
		isOpen: isOpen(deps, id, stored.hash),
	};
}

/** What waits beside a code that was neither used nor ended, for whoever has its ticket; null when nothing does. */
export async function readWaiting(deps: CodeDeps, input: CodeName): Promise<Facts | null> {
	const id = idOf(deps, input);
	const ticket = input.ticket === undefined ? null : hmac(deps, 'ticket', input.ticket);
	const [row] = await deps.db
		.select({ value: verifications.value })
		.from(verifications)
		.where(
			and(
				eq(verifications.id, id),
				gt(verifications.expiresAt, new Date()),
				sql`json_extract(${verifications.value}, '$.ticket') is ${ticket}`,
			),
		);
	return row === undefined ? null : openFacts(deps.lookupKey, id, StoredCode.parse(JSON.parse(row.value)).facts);
}

/** Tries a code and uses it up: of two that bring the same right one, the second is refused. */
export async function takeCode(deps: CodeDeps, input: CodeName & { code: string; field?: string }): Promise<Facts> {
	const { facts, takeStatement: take } = await tryCode(deps, input);
	const taken = await take;
	if (taken.length === 0) throw codeEnded(input.field ?? 'code');
	return facts;
}

function takeStatement({ db }: CodeDeps, id: string, hash: string) {
	return db.delete(verifications).where(isStored(id, hash)).returning({ id: verifications.id });
}

function isOpen({ db }: CodeDeps, id: string, hash: string): SQL {
	return exists(
		db
			.select({ one: sql`1` })
			.from(verifications)
			.where(isStored(id, hash)),
	);
}

function isStored(id: string, hash: string) {
	return and(eq(verifications.id, id), sql`json_extract(${verifications.value}, '$.hash') = ${hash}`);
}

export function wrongCode(field: string, triesLeft: number): AppError {
	const rest =
		triesLeft === 0 ? 'Ask for a new one.' : `${triesLeft === 1 ? 'One more try' : `${triesLeft} more tries`} with it.`;
	return new AppError('invalid_input', `This is not the code of the last mail. ${rest}`, {
		details: { reason: 'wrong_code', fields: [field], triesLeft },
	});
}

export function codeEnded(field: string): AppError {
	const message = `No code is open here: it was used, replaced, tried too often or is older than ${CODE_MINUTES} minutes. Ask for a new one.`;
	return new AppError('invalid_input', message, { details: { reason: 'code_ended', fields: [field] } });
}

function idOf(deps: CodeDeps, { purpose, of }: CodeName): string {
	return `code.${purpose}.${hmac(deps, 'code of', purpose, of)}`;
}

/** Under the Worker's key: of six digits a plain hash hides nothing. */
function hashOf(deps: CodeDeps, id: string, code: string): string {
	return hmac(deps, 'code', id, code);
}

/** As `lookupHash` makes it, but at once: a drizzle statement that comes out of a promise has run. */
function hmac({ lookupKey }: CodeDeps, ...words: readonly string[]): string {
	return createHmac('sha256', lookupKey).update(JSON.stringify(words)).digest('base64url');
}

function isSame(one: string, other: string): boolean {
	const [a, b] = [Buffer.from(one), Buffer.from(other)];
	return a.length === b.length && timingSafeEqual(a, b);
}

/** Every code equally likely: numbers above the last whole million are drawn again. */
function randomDigits(): string {
	const codes = 10 ** CODE_DIGITS;
	const limit = Math.floor(2 ** 32 / codes) * codes;
	for (;;) {
		const [drawn = limit] = crypto.getRandomValues(new Uint32Array(1));
		if (drawn < limit) return String(drawn % codes).padStart(CODE_DIGITS, '0');
	}
}
