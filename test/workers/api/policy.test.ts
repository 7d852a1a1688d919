import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { evidencePoints } from '../../../schema/evidence';
import { policyAcceptances } from '../../../schema/policy';
import { users } from '../../../schema/users';
import { dental } from '../../../studios/dental';
import { CLAIMS } from '../../../studios/policy/claims/all';
import { PolicyAnswer } from '../../../workers/api/contract/policy';
import { startCountingApi } from '../../budgets/counting-api';
import { aPerson, givenSignedIn, type CountingApi } from './visitor';

let api: CountingApi;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());

const db = () => drizzle(api.d1);

async function policy(path = '/v1/policy') {
	const answer = await api.fetch(path);
	return { answer, body: PolicyAnswer.parse(await answer.json()) };
}

test('everybody reads the whole policy, in one batch of two statements', async () => {
	let read: Awaited<ReturnType<typeof policy>> | undefined;
	const asked = await api.counted(async () => {
		read = await policy();
	});

	expect(asked).toEqual({ statements: 2, batches: 1 });
	expect(read?.answer.status).toBe(200);
	expect(read?.answer.headers.get('cache-control')).toBe('public, max-age=60');
	expect(read?.body).toMatchObject({
		studio: 'dental',
		version: { version: '2026-11-21', review: { state: 'draft' }, effectiveAt: null },
		isTextChanged: false,
		announced: null,
		controller: dental.policy.controller,
		rights: { responseDays: 30, extensionDays: 60, alarmDays: 7 },
	});
	expect(read?.body.claims.map(({ id, sentence }) => [id, sentence])).toEqual(
		CLAIMS.dental.map(({ id, sentence }) => [id, sentence]),
	);
	expect(read?.body.data).toHaveLength(Object.keys(dental.policy.data).length);
	expect(read?.body.processors.map(({ hosts }) => hosts)).toEqual(dental.policy.processors.map(({ hosts }) => hosts));
});

test('without the results of this build’s tests no claim is called kept, whatever was measured', async () => {
	const atMs = Date.now();
	const point = { atMs, promiseMs: 1, held: 2, oldestAgeMs: 5_000, late: 0 };
	await db()
		.insert(evidencePoints)
		.values([
			{ ...point, dataClass: 'source' },
			{ ...point, dataClass: 'source', atMs: atMs - 60_000, late: 4 },
		]);
	const { body } = await policy();

	expect(body.provedAt).toBeNull();
	expect(new Set(body.claims.map(({ state }) => state))).toEqual(new Set(['waiting']));
	// The newest look, and not the one before it.
	expect(body.claims.find(({ id }) => id === 'DD-25')?.evidence).toEqual({
		at: new Date(atMs).toISOString(),
		held: 2,
		oldestAgeMs: 5_000,
		late: 0,
	});
});

test('the file for machines says the same, and one claim says how it is shown', async () => {
	expect((await policy('/policy.json')).body).toEqual((await policy()).body);
	const claim = await (await api.fetch('/v1/policy/claims/DD-25')).json();

	expect(claim).toMatchObject({
		id: 'DD-25',
		ran: null,
		tests: expect.arrayContaining([expect.objectContaining({ file: 'test/core/retention/sweep.test.ts' })]),
		enforcedBy: expect.arrayContaining(['workers/core/retention/sweep.ts']),
	});
});

test('a claim of another studio, and none at all, are not found and cost the database nothing', async () => {
	const asked = await api.counted(async () => {
		for (const id of ['DS-26', 'DD-999', '%00', 'constructor']) {
			expect([id, (await api.fetch(`/v1/policy/claims/${id}`)).status]).toEqual([id, 404]);
		}
	});
	expect(asked).toEqual({ statements: 0, batches: 0 });
});

test('a sign-up has accepted the policy; one that has not accepts it by hand, once, and sees that it did', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const [user] = await db().select().from(users).where(eq(users.email, person.email));
	const stored = () => db().select().from(policyAcceptances).where(eq(policyAcceptances.userId, user!.id));
	const shown = async () => (await visitor.send('GET', '/v1/session')).body;
	expect(await stored()).toMatchObject([{ version: '2026-11-21', surface: 'sign_up' }]);
	expect(await shown()).toMatchObject({ policy: { isAccepted: true, announced: null } });

	await db().delete(policyAcceptances).where(eq(policyAcceptances.userId, user!.id));
	expect(await shown()).toMatchObject({ policy: { isAccepted: false } });
	const early = await visitor.send('POST', '/v1/policy/acceptances', { version: '2030-01-01' });
	expect([early.status, await stored()]).toEqual([409, []]);
	for (let time = 0; time < 2; time += 1) {
		expect((await visitor.send('POST', '/v1/policy/acceptances', { version: '2026-11-21' })).status).toBe(201);
	}

	expect(await stored()).toMatchObject([{ version: '2026-11-21', surface: 'web' }]);
	expect(await shown()).toMatchObject({ policy: { isAccepted: true } });
});

test('nobody accepts for somebody who is not signed in', async () => {
	const before = await db().select().from(policyAcceptances);
	const answer = await api.fetch('/v1/policy/acceptances', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ version: '2026-11-21' }),
	});
	expect([answer.status, await db().select().from(policyAcceptances)]).toEqual([401, before]);
});
