import { eq, like } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { verifications } from '../../../schema/users';
import { newCode, readWaiting, takeCode, tryCode } from '../../../workers/core/people/mailed-code';
import { openFacts } from '../../../workers/core/people/seal-facts';
import { freshDeps, type TestDeps } from '../../support/deps';

async function givenCode(deps: TestDeps, of: string, ticket?: string): Promise<string> {
	const { code, statements } = newCode(deps, {
		purpose: 'sign_in',
		of,
		facts: { name: 'Ada' },
		...(ticket === undefined ? {} : { ticket }),
	});
	await deps.db.batch([...statements]);
	return code;
}

function anAddress(): string {
	return `${crypto.randomUUID()}@practice.test`;
}

const wrongOf = (code: string) => (code === '123456' ? '654321' : '123456');

test('a code is six digits, and hands over what was kept with it', async () => {
	const deps = freshDeps();
	const of = anAddress();
	const code = await givenCode(deps, of);
	expect(code).toMatch(/^\d{6}$/);
	expect(await takeCode(deps, { purpose: 'sign_in', of, code })).toEqual({ name: 'Ada' });
	await expect(takeCode(deps, { purpose: 'sign_in', of, code })).rejects.toMatchObject({
		details: { reason: 'code_ended' },
	});
});

async function givenSealed(deps: TestDeps): Promise<{ id: string; value: string; sealed: string }> {
	const isCode = like(verifications.id, 'code.%');
	const before = new Set((await deps.db.select().from(verifications).where(isCode)).map(({ id }) => id));
	await givenCode(deps, anAddress());
	const rows = await deps.db.select().from(verifications).where(isCode);
	const { id, value } = rows.find((row) => !before.has(row.id))!;
	return { id, value, sealed: (JSON.parse(value) as { facts: string }).facts };
}

test('what waits beside a code is stored sealed, and opens with no other key and at no other code', async () => {
	const deps = freshDeps();
	const [one, other] = [await givenSealed(deps), await givenSealed(deps)];

	expect(one.value).not.toContain('Ada');
	expect(one.sealed).not.toBe(other.sealed);
	expect(openFacts(deps.lookupKey, one.id, one.sealed)).toEqual({ name: 'Ada' });
	expect(() => openFacts(deps.lookupKey, other.id, one.sealed)).toThrow(/\w/);
	expect(() => openFacts('another key, of 32 characters too', one.id, one.sealed)).toThrow(/\w/);
	const short = Buffer.from(one.sealed, 'base64url').subarray(0, 20).toString('base64url');
	expect(() => openFacts(deps.lookupKey, one.id, short)).toThrow(/\w/);
});

test('of twenty tries at once five are made, and a right one among them counts only if it is one of these', async () => {
	const deps = freshDeps();
	const of = anAddress();
	const code = await givenCode(deps, of);
	const tries = Array.from({ length: 20 }, () => tryCode(deps, { purpose: 'sign_in', of, code: wrongOf(code) }));
	const refusals = await Promise.all(tries.map((each) => each.catch((error: unknown) => error)));
	const reasons = refusals.map((error) => (error as { details: { reason: string } }).details.reason);

	expect(reasons.filter((reason) => reason === 'wrong_code')).toHaveLength(5);
	await expect(takeCode(deps, { purpose: 'sign_in', of, code })).rejects.toMatchObject({
		details: { reason: 'code_ended' },
	});
});

test('of ten that bring one right code at once, one takes it', async () => {
	const deps = freshDeps();
	const of = anAddress();
	const code = await givenCode(deps, of);
	const taken = await Promise.allSettled(
		Array.from({ length: 10 }, () => takeCode(deps, { purpose: 'sign_in', of, code })),
	);
	expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('without its ticket a code is not even tried, so that nobody else can use up its tries', async () => {
	const deps = freshDeps();
	const of = anAddress();
	const code = await givenCode(deps, of, 'the ticket');
	const asked = { purpose: 'sign_in', of } as const;
	for (let each = 0; each < 8; each += 1) {
		await expect(tryCode(deps, { ...asked, code: wrongOf(code), ticket: 'another' })).rejects.toMatchObject({
			details: { reason: 'code_ended' },
		});
		await expect(tryCode(deps, { ...asked, code })).rejects.toMatchObject({ details: { reason: 'code_ended' } });
	}
	expect(await readWaiting(deps, { ...asked, ticket: 'another' })).toBeNull();
	expect(await readWaiting(deps, { ...asked, ticket: 'the ticket' })).toEqual({ name: 'Ada' });
	expect(await takeCode(deps, { ...asked, code, ticket: 'the ticket' })).toEqual({ name: 'Ada' });
});

test('a new code takes the place of the one before, with its tries', async () => {
	const deps = freshDeps();
	const of = anAddress();
	const first = await givenCode(deps, of);
	await tryCode(deps, { purpose: 'sign_in', of, code: wrongOf(first) }).catch(() => null);
	const second = await givenCode(deps, of);

	await expect(tryCode(deps, { purpose: 'sign_in', of, code: wrongOf(second) })).rejects.toMatchObject({
		details: { reason: 'wrong_code', triesLeft: 4 },
	});
	expect(await takeCode(deps, { purpose: 'sign_in', of, code: second })).toEqual({ name: 'Ada' });
});

test('an ended code is refused, and leaves with the next one that anybody asks for', async () => {
	const deps = freshDeps();
	const of = anAddress();
	const code = await givenCode(deps, of);
	await deps.db
		.update(verifications)
		.set({ expiresAt: new Date(Date.now() - 1) })
		.where(like(verifications.id, 'code.sign_in.%'));
	const ended = await deps.db.select({ id: verifications.id }).from(verifications);

	await expect(takeCode(deps, { purpose: 'sign_in', of, code })).rejects.toMatchObject({
		details: { reason: 'code_ended' },
	});
	await givenCode(deps, anAddress());
	for (const { id } of ended.filter((row) => row.id.startsWith('code.sign_in.'))) {
		expect(await deps.db.select().from(verifications).where(eq(verifications.id, id))).toEqual([]);
	}
});
