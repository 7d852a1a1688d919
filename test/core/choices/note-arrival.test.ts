import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { choices, conversions } from '../../../schema/choices';
import { users } from '../../../schema/users';
import { STUDIOS } from '../../../studios/all';
import { noteArrival } from '../../../workers/core/choices/note-arrival';
import { readNewestChoice } from '../../../workers/core/choices/read-choices';
import { recordChoice } from '../../../workers/core/choices/record-choice';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenSession, givenUser } from '../../support/given';

async function givenSignIn(deps: TestDeps, choice: 'granted' | 'denied' | null = null) {
	const { userId } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const visitorId = crypto.randomUUID();
	if (choice !== null) {
		await recordChoice(deps, {
			userId: null,
			visitorId,
			regime: 'us',
			hasGpc: false,
			textVersion: '2026-11-21',
			surface: 'banner',
			purpose: 'advertising',
			choice,
		});
	}
	const input = { visitorId, sessionToken: `token of ${sessionId}`, regime: 'us', hasGpc: false } as const;
	return { userId, visitorId, input };
}

function notedFor({ db }: TestDeps, userId: string) {
	return db.select().from(conversions).where(eq(conversions.userId, userId));
}

function chosenBy({ db }: TestDeps, userId: string) {
	return db.select().from(choices).where(eq(choices.userId, userId));
}

test('a sign-up in a browser that allowed it is noted once, and told to the queue', async () => {
	const deps = freshDeps();
	const { userId, input } = await givenSignIn(deps, 'granted');
	await noteArrival(deps, input);
	await noteArrival(deps, input);
	const noted = await notedFor(deps, userId);
	expect(noted).toEqual([
		{
			id: expect.stringMatching(/^cnv_[0-9a-f]{26}$/),
			userId,
			name: 'CompleteRegistration',
			valueCents: null,
			currency: null,
			happenedAtMs: deps.now().getTime(),
			state: 'queued',
			triedAtMs: 0,
			endedAtMs: null,
		},
	]);
	expect(deps.sent.map(({ message }) => message)).toEqual([{ type: 'conversion.send', conversionId: noted[0]?.id }]);
});

test.each(['denied', null] as const)('after "%s" no sign-up is noted', async (choice) => {
	const deps = freshDeps();
	const { userId, input } = await givenSignIn(deps, choice);
	await noteArrival(deps, input);
	expect(await notedFor(deps, userId)).toEqual([]);
	expect(deps.sent).toEqual([]);
});

test('a browser’s yes notes no sign-up of somebody whose own word is a no', async () => {
	const deps = freshDeps();
	const { userId, input } = await givenSignIn(deps);
	const word = { regime: 'us', hasGpc: false, textVersion: '2026-11-21', purpose: 'advertising' } as const;
	await recordChoice(deps, { ...word, userId, visitorId: null, surface: 'settings', choice: 'denied' });
	deps.clock.advance({ seconds: 1 });
	const { visitorId } = input;
	await recordChoice(deps, { ...word, userId: null, visitorId, surface: 'banner', choice: 'granted' });
	await noteArrival(deps, input);
	expect(await notedFor(deps, userId)).toEqual([]);
	expect(await chosenBy(deps, userId)).toMatchObject([{ choice: 'denied' }]);
	expect(deps.sent).toEqual([]);
});

test('a later sign-in is no sign-up', async () => {
	const deps = freshDeps();
	const { userId, input } = await givenSignIn(deps, 'granted');
	await deps.db
		.update(users)
		.set({ createdAt: new Date(deps.now().getTime() - 601_000) })
		.where(eq(users.id, userId));
	await noteArrival(deps, input);
	expect(await notedFor(deps, userId)).toEqual([]);
	expect(await chosenBy(deps, userId)).toMatchObject([{ choice: 'granted' }]);
});

test('a signal ends sharing for the account, after a yes too, and is written once', async () => {
	const deps = freshDeps();
	const { userId, input } = await givenSignIn(deps, 'granted');
	deps.clock.advance({ seconds: 1 });
	await noteArrival(deps, { ...input, hasGpc: true });
	await noteArrival(deps, { ...input, hasGpc: true });
	const newest = await readNewestChoice(deps, { userId, purpose: 'advertising' });
	expect(newest).toMatchObject({ choice: 'denied', hasGpc: true, regime: 'us' });
	const rows = await chosenBy(deps, userId);
	expect(rows.map(({ surface }) => surface).toSorted()).toEqual(['banner', 'signal']);
	expect(await notedFor(deps, userId)).toEqual([]);
});

test('a signal without a cookie is written for the account alone', async () => {
	const deps = freshDeps();
	const { userId, input } = await givenSignIn(deps);
	await noteArrival(deps, { ...input, visitorId: null, hasGpc: true });
	expect(await chosenBy(deps, userId)).toMatchObject([{ visitorId: null, choice: 'denied', surface: 'signal' }]);
});

test('a studio that does not list Meta notes no sign-up', async () => {
	const deps = freshDeps({ studio: STUDIOS.media });
	const { userId, input } = await givenSignIn(deps, 'granted');
	await noteArrival(deps, input);
	expect(await notedFor(deps, userId)).toEqual([]);
});
