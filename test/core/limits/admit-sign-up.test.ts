import { inArray } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { rateWindows } from '../../../schema/limits';
import { RATES } from '../../../studios/studio';
import { AppError } from '../../../workers/core/errors';
import { admitSignUp, type AdmitDeps } from '../../../workers/core/limits/admit-sign-up';
import { windowsOf } from '../../../workers/core/limits/limit-statements';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';

const CHALLENGE = { siteKey: 'a site key', scriptUrl: 'https://challenges.test/v0/api.js' };
const ASKED_FOR = { code: 'challenge_required', details: CHALLENGE };
const NETWORK = '203.0.113.0/24';
const HALF = RATES.signUp.network.max / 2;

/** A world whose windows no other test counts in, and a challenge that this one token passes. */
function world(rest: { d1?: D1Database } = {}): TestDeps & AdmitDeps & { brought: string[] } {
	const brought: string[] = [];
	return {
		...freshDeps({ ...rest, lookupKey: `a lookup key of one test: ${crypto.randomUUID()}` }),
		brought,
		challenge: {
			...CHALLENGE,
			isPassed: ({ token, action }) => {
				brought.push(token);
				if (token === 'the service is down') throw new AppError('upstream_unavailable', 'Try again in a minute.');
				return Promise.resolve(token === 'passed' && action === 'sign-up');
			},
		},
	};
}

function aSignUp(changed: { email?: string; network?: string | null; isTor?: boolean; token?: string } = {}) {
	const { email = `${crypto.randomUUID()}@practice.test`, network = NETWORK, isTor = false, token = null } = changed;
	return { email, network, isTor, token };
}

async function countOfNetwork(deps: TestDeps): Promise<number> {
	const keys = windowsOf(deps, [{ what: 'signUp', by: 'network', value: NETWORK }]).map(({ key }) => key);
	const [row] = await deps.db.select().from(rateWindows).where(inArray(rateWindows.key, keys));
	return row?.count ?? 0;
}

function isOfAddress(deps: TestDeps, email: string) {
	const windows = windowsOf(deps, [
		{ what: 'signUp', by: 'address', value: email },
		{ what: 'code', by: 'address', value: email },
	]);
	return inArray(
		rateWindows.key,
		windows.map(({ key }) => key),
	);
}

test('a sign-up without suspicion is counted in one statement and asks nobody', async () => {
	const { db, count } = countD1(freshDeps().d1);
	const deps = world();
	await admitSignUp({ ...deps, db: drizzle(db) }, aSignUp());
	expect(count).toEqual({ statements: 1, batches: 0 });
	expect(deps.brought).toEqual([]);
	expect(await countOfNetwork(deps)).toBe(1);
});

test('from half of a network’s rate on a challenge is asked for, uncounted; once passed the sign-up goes on', async () => {
	const deps = world();
	for (let each = 0; each < HALF; each += 1) await admitSignUp(deps, aSignUp());

	await expect(admitSignUp(deps, aSignUp())).rejects.toMatchObject(ASKED_FOR);
	expect(await countOfNetwork(deps)).toBe(HALF);
	expect(deps.brought).toEqual([]);

	await admitSignUp(deps, aSignUp({ token: 'passed' }));
	expect(await countOfNetwork(deps)).toBe(HALF + 1);
	// Another network is not suspicious because of this one, and the next hour none is.
	await admitSignUp(deps, aSignUp({ network: '198.51.100.0/24' }));
	deps.clock.advance({ hours: 1 });
	await admitSignUp(deps, aSignUp());
	expect(deps.brought).toEqual(['passed']);
});

test.each([
	['Tor', { isTor: true }],
	['a domain below another', { email: 'ada@x7f3.inbox.example' }],
])('from %s the first sign-up is asked for a challenge, without asking D1', async (_what, changed) => {
	const { db, count } = countD1(freshDeps().d1);
	const deps = world();
	await expect(admitSignUp({ ...deps, db: drizzle(db) }, aSignUp(changed))).rejects.toMatchObject(ASKED_FOR);
	expect(count.statements).toBe(0);
	await admitSignUp(deps, aSignUp({ ...changed, token: 'passed' }));
});

test('a token that does not pass is refused by another challenge, and the network’s try is counted', async () => {
	const deps = world();
	await expect(admitSignUp(deps, aSignUp({ isTor: true, token: 'made up' }))).rejects.toMatchObject({
		...ASKED_FOR,
		message: 'The check did not pass, or is too old. Do it once more.',
	});
	expect(await countOfNetwork(deps)).toBe(1);
});

test('a token that does not pass takes no try and no code from the address that was typed', async () => {
	const deps = world();
	const email = `${crypto.randomUUID()}@practice.test`;
	for (let each = 0; each < RATES.code.address.max; each += 1) {
		const forged = admitSignUp(deps, aSignUp({ email, isTor: true, token: 'made up' }));
		await expect(forged).rejects.toMatchObject(ASKED_FOR);
	}
	expect(await deps.db.select().from(rateWindows).where(isOfAddress(deps, email))).toEqual([]);
	expect(await countOfNetwork(deps)).toBe(RATES.code.address.max);
	await admitSignUp(deps, aSignUp({ email, isTor: true, token: 'passed' }));
	expect(await deps.db.select().from(rateWindows).where(isOfAddress(deps, email))).toHaveLength(2);
});

test('tokens that do not pass are asked about no more often than the network may sign up', async () => {
	const deps = world();
	const tries = Array.from({ length: RATES.signUp.network.max + 5 }, () =>
		admitSignUp(deps, aSignUp({ isTor: true, token: 'made up' })).catch((error: AppError) => error.code),
	);
	const codes = await Promise.all(tries);
	expect(codes.filter((code) => code === 'challenge_required')).toHaveLength(RATES.signUp.network.max);
	expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(5);
	expect(deps.brought).toHaveLength(RATES.signUp.network.max);
});

test('of sign-ups at once from one network half its rate passes without a challenge, and those asked for one are uncounted', async () => {
	const deps = world();
	const answers = await Promise.allSettled(
		Array.from({ length: RATES.signUp.network.max }, () => admitSignUp(deps, aSignUp())),
	);
	const refusals = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
	expect(refusals).toHaveLength(RATES.signUp.network.max - HALF);
	for (const refusal of refusals) expect(refusal).toMatchObject(ASKED_FOR);
	expect(await countOfNetwork(deps)).toBe(HALF);
});

test('over the address’s rate a sign-up is refused and counted for nothing, whether a network is told or not', async () => {
	for (const network of [NETWORK, null]) {
		const deps = world();
		const email = `${crypto.randomUUID()}@practice.test`;
		for (let each = 0; each < RATES.signUp.address.max; each += 1) await admitSignUp(deps, aSignUp({ email, network }));
		const before = await deps.db.select().from(rateWindows);
		await expect(admitSignUp(deps, aSignUp({ email, network }))).rejects.toMatchObject({ code: 'too_many_requests' });
		expect(await deps.db.select().from(rateWindows)).toEqual(before);
	}
});

test('while nobody can check the token who is suspicious waits, and who is not notices nothing', async () => {
	const deps = world();
	const token = 'the service is down';
	await expect(admitSignUp(deps, aSignUp({ isTor: true, token }))).rejects.toMatchObject({
		code: 'upstream_unavailable',
	});
	await admitSignUp(deps, aSignUp({ token }));
});

test('a passed challenge does not lift the limit', async () => {
	const deps = world();
	const email = `${crypto.randomUUID()}@practice.test`;
	for (let each = 0; each < RATES.signUp.address.max; each += 1) await admitSignUp(deps, aSignUp({ email }));
	await expect(admitSignUp(deps, aSignUp({ email, token: 'passed' }))).rejects.toMatchObject({
		code: 'too_many_requests',
		message: expect.stringMatching(/^Too many tries from here\. Wait \d+ minutes, then try again\.$/),
	});
	expect(await countOfNetwork(deps)).toBe(RATES.signUp.address.max);
});

test('of sign-ups at once from one network no more pass than its rate', async () => {
	const deps = world();
	const answers = await Promise.allSettled(
		Array.from({ length: 40 }, () => admitSignUp(deps, aSignUp({ token: 'passed' }))),
	);
	expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(RATES.signUp.network.max);
	expect(await countOfNetwork(deps)).toBe(RATES.signUp.network.max);
});

test('a throw-away mailbox is refused before anything is asked or counted', async () => {
	const deps = world();
	const refused = admitSignUp(deps, aSignUp({ email: 'ada@x.mailinator.com', token: 'passed' }));
	await expect(refused).rejects.toMatchObject({ details: { reason: 'disposable_address' } });
	expect(await countOfNetwork(deps)).toBe(0);
	expect(deps.brought).toEqual([]);
});
