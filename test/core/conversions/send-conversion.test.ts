import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { conversions } from '../../../schema/choices';
import { sessions, users } from '../../../schema/users';
import { STUDIOS } from '../../../studios/all';
import { hashUserData } from '../../../workers/core/conversions/hash-user-data';
import { listDueConversions, OLDEST_MS, sendConversion } from '../../../workers/core/conversions/send-conversion';
import { givenAccount, givenUser } from '../../support/given';
import { conversionsOf, conversionWorld, says, type ConversionWorld } from './conversions-world';

/** Meta's published hashes. */
test.each([
	['John_Smith@gmail.com', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
	['  john_smith@GMAIL.com ', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
	['user_123', '80fba0ae1c48e3978e43e4efc365e14e12ea0c830ba8ba5b9a2dafc7e3f2ab8b'],
])('%s is hashed as Meta hashes it', async (value, hash) => {
	expect(await hashUserData(value)).toBe(hash);
});

async function givenConversion(
	deps: ConversionWorld,
	userId: string,
	row: Partial<typeof conversions.$inferInsert> = {},
): Promise<string> {
	const id = deps.newId('conversion');
	await deps.db.insert(conversions).values({
		id,
		userId,
		name: 'Purchase',
		valueCents: 4_900,
		currency: 'usd',
		happenedAtMs: deps.now().getTime(),
		state: 'queued',
		...row,
	});
	return id;
}

async function givenAllowed(regime: 'eea' | 'california' | 'us' = 'eea') {
	const deps = conversionWorld();
	const { userId, email } = await givenUser(deps);
	await says(deps, userId, 'granted', { regime });
	return { deps, userId, email, conversionId: await givenConversion(deps, userId) };
}

async function stateOf({ db }: ConversionWorld, conversionId: string) {
	const [row] = await db.select().from(conversions).where(eq(conversions.id, conversionId));
	return row?.state;
}

test('Meta is told what happened, hashed, with the event’s own id, and nothing else of a person', async () => {
	const { deps, userId, email, conversionId } = await givenAllowed();
	await sendConversion(deps, { conversionId });
	expect(deps.graph.asked).toEqual([
		{
			url: 'https://graph.test/v25.0/1029384756/events',
			body: {
				access_token: 'a token',
				data: [
					{
						event_name: 'Purchase',
						event_time: Math.floor(deps.now().getTime() / 1000),
						event_id: conversionId,
						event_source_url: 'https://app.test/credits/buy',
						action_source: 'system_generated',
						data_processing_options: [],
						user_data: { em: [await hashUserData(email)], external_id: [await hashUserData(userId)] },
						custom_data: { currency: 'usd', value: 49 },
					},
				],
			},
		},
	]);
	expect(await conversionsOf(deps, userId)).toMatchObject([{ state: 'sent', endedAtMs: deps.now().getTime() }]);
});

test('with a browser’s name the event is the website’s, and a sign-up has no value', async () => {
	const deps = conversionWorld();
	const { userId, via } = await givenAccount(deps);
	if (via.kind !== 'session') throw new Error('a session was given');
	await deps.db.update(sessions).set({ userAgent: 'Mozilla/5.0' }).where(eq(sessions.id, via.sessionId));
	await says(deps, userId, 'granted');
	const conversionId = await givenConversion(deps, userId, {
		name: 'CompleteRegistration',
		valueCents: null,
		currency: null,
	});
	await sendConversion(deps, { conversionId });
	const event = deps.graph.asked[0]?.body.data[0];
	expect(event).toMatchObject({
		action_source: 'website',
		event_source_url: 'https://app.test/sign-up',
		user_data: { client_user_agent: 'Mozilla/5.0' },
	});
	expect(event).not.toHaveProperty('custom_data');
});

test.each([
	['california', 1, 1000],
	['us', 0, 0],
] as const)('from %s its use is limited', async (regime, country, state) => {
	const { deps, conversionId } = await givenAllowed(regime);
	await sendConversion(deps, { conversionId });
	expect(deps.graph.asked[0]?.body.data[0]).toMatchObject({
		data_processing_options: ['LDU'],
		data_processing_options_country: country,
		data_processing_options_state: state,
	});
});

describe('it is decided again when it is sent, and dropped without a word to Meta', () => {
	const cases: Readonly<Record<string, (w: Awaited<ReturnType<typeof givenAllowed>>) => Promise<unknown>>> = {
		'after the person said no': ({ deps, userId }) => says(deps, userId, 'denied'),
		'after a yes that came with the signal': ({ deps, userId }) => says(deps, userId, 'granted', { hasGpc: true }),
		'once the person is erased': ({ deps, userId }) => deps.db.delete(users).where(eq(users.id, userId)),
		'when more than seven days have gone by': async ({ deps }) => {
			deps.clock.advance({ seconds: OLDEST_MS / 1000 + 1 });
		},
		'where Meta is switched off': async ({ deps }) => {
			Object.assign(deps, { meta: null });
		},
		'in a studio that does not list Meta': async ({ deps }) => {
			Object.assign(deps, { studio: STUDIOS.media });
		},
	};
	test.each(Object.entries(cases))('%s', async (_, happens) => {
		const world = await givenAllowed();
		await happens(world);
		await sendConversion(world.deps, { conversionId: world.conversionId });
		expect(await stateOf(world.deps, world.conversionId)).toBe('dropped');
		expect(world.deps.graph.asked).toEqual([]);
	});

	test('while the person’s account is restricted', async () => {
		const deps = conversionWorld();
		const { userId, accountId } = await givenAccount(deps);
		await says(deps, userId, 'granted');
		const conversionId = await givenConversion(deps, userId);
		await deps.db.update(accounts).set({ restrictedAtMs: 1 }).where(eq(accounts.id, accountId));
		await sendConversion(deps, { conversionId });
		expect(await stateOf(deps, conversionId)).toBe('dropped');
		expect(deps.graph.asked).toEqual([]);
	});

	test('where nobody ever chose', async () => {
		const deps = conversionWorld();
		const { userId } = await givenUser(deps);
		const conversionId = await givenConversion(deps, userId);
		await sendConversion(deps, { conversionId });
		expect(await stateOf(deps, conversionId)).toBe('dropped');
		expect(deps.graph.asked).toEqual([]);
	});
});

test('what was sent is not sent again', async () => {
	const { deps, conversionId } = await givenAllowed();
	await sendConversion(deps, { conversionId });
	await sendConversion(deps, { conversionId });
	expect(deps.graph.asked).toHaveLength(1);
});

test.each([
	['trouble of Meta’s', () => new Response('', { status: 503 })],
	['too many calls', () => Response.json({ error: { code: 4, is_transient: true } }, { status: 400 })],
	['no answer', () => Promise.reject(new TypeError('network'))],
])('after %s it stays queued and is tried again', async (_, answer) => {
	const { deps, conversionId } = await givenAllowed();
	deps.graph.answer = answer;
	await expect(sendConversion(deps, { conversionId })).rejects.toMatchObject({ code: 'upstream_unavailable' });
	expect(await stateOf(deps, conversionId)).toBe('queued');
	const due = (dueMs: number) => listDueConversions(deps, { dueMs, limit: 1000 });
	expect(await due(deps.now().getTime() + 60_000)).not.toContain(conversionId);
	expect(await due(deps.now().getTime() + 3_600_000)).toContain(conversionId);
	deps.graph.answer = () => Response.json({ events_received: 1 });
	await sendConversion(deps, { conversionId });
	expect(await stateOf(deps, conversionId)).toBe('sent');
});

test('what Meta refuses for good is dropped', async () => {
	const { deps, conversionId } = await givenAllowed();
	deps.graph.answer = () => Response.json({ error: { code: 100, error_subcode: 2804003 } }, { status: 400 });
	await sendConversion(deps, { conversionId });
	expect(await stateOf(deps, conversionId)).toBe('dropped');
});

test('one whose message was lost is due a minute later', async () => {
	const { deps, conversionId } = await givenAllowed();
	const nowMs = deps.now().getTime();
	expect(await listDueConversions(deps, { dueMs: nowMs + 59_000, limit: 1000 })).not.toContain(conversionId);
	expect(await listDueConversions(deps, { dueMs: nowMs + 60_000, limit: 1000 })).toContain(conversionId);
});
