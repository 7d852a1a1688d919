import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { choices } from '../../../schema/choices';
import { linkVisitorStatement } from '../../../workers/core/choices/link-visitor';
import { readChoice, readChoices } from '../../../workers/core/choices/read-choices';
import { recordChoice, type ChoiceMade } from '../../../workers/core/choices/record-choice';
import { freshDeps } from '../../support/deps';
import { givenSession, givenUser } from '../../support/given';

const ON_THE_BANNER = {
	userId: null,
	visitorId: null,
	regime: 'eea',
	hasGpc: false,
	textVersion: '2026-11-21',
	surface: 'banner',
} as const satisfies ChoiceMade;

function aVisitor(): string {
	return crypto.randomUUID();
}

function rowsOf({ db }: ReturnType<typeof freshDeps>, visitorId: string) {
	return db.select().from(choices).where(eq(choices.visitorId, visitorId));
}

test('a choice is a row with everything that proves it', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	const made = { ...ON_THE_BANNER, visitorId, regime: 'uk', hasGpc: true } as const;
	await recordChoice(deps, { ...made, purpose: 'analytics', choice: 'denied' });
	expect(await rowsOf(deps, visitorId)).toEqual([
		{
			id: expect.stringMatching(/^chc_/),
			...made,
			purpose: 'analytics',
			choice: 'denied',
			madeAtMs: deps.now().getTime(),
		},
	]);
});

test('the newest choice of a purpose counts, also within one millisecond, and the ones before stay', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	const made = { ...ON_THE_BANNER, visitorId };
	await recordChoice(deps, { ...made, purpose: 'analytics', choice: 'granted' });
	await recordChoice(deps, { ...made, purpose: 'analytics', choice: 'denied' });
	await recordChoice(deps, { ...made, purpose: 'advertising', choice: 'denied' });
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...made, purpose: 'advertising', choice: 'granted' });
	expect(await readChoice(deps, { visitorId, purpose: 'analytics' })).toBe('denied');
	expect(await readChoice(deps, { visitorId, purpose: 'advertising' })).toBe('granted');
	const newest = await readChoices(deps, { visitorId });
	expect(Object.fromEntries(newest.map(({ purpose, choice }) => [purpose, choice]))).toEqual({
		analytics: 'denied',
		advertising: 'granted',
	});
	expect(await rowsOf(deps, visitorId)).toHaveLength(4);
});

test('what nobody chose is null, and without anybody nothing is asked', async () => {
	const deps = freshDeps();
	expect(await readChoice(deps, { visitorId: aVisitor(), purpose: 'analytics' })).toBeNull();
	expect(await readChoices(deps, {})).toEqual([]);
});

test('one visitor’s choice is not another’s', async () => {
	const deps = freshDeps();
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId: aVisitor(), purpose: 'analytics', choice: 'granted' });
	expect(await readChoices(deps, { visitorId: aVisitor() })).toEqual([]);
});

async function givenSignIn(deps: ReturnType<typeof freshDeps>) {
	const { userId } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	return { userId, sessionToken: `token of ${sessionId}` };
}

test('signing in makes a browser’s choices the person’s, with the time they were made', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'advertising', choice: 'granted' });
	const before = await rowsOf(deps, visitorId);
	const { userId, sessionToken } = await givenSignIn(deps);
	deps.clock.advance({ hours: 1 });
	await linkVisitorStatement(deps, { visitorId, sessionToken });
	expect(await rowsOf(deps, visitorId)).toEqual(before.map((row) => ({ ...row, userId })));
	expect(await readChoice(deps, { userId, purpose: 'advertising' })).toBe('granted');
});

test('a browser’s older choice does not take the place of the person’s newer one', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'advertising', choice: 'granted' });
	const { userId, sessionToken } = await givenSignIn(deps);
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...ON_THE_BANNER, userId, purpose: 'advertising', choice: 'denied' });
	await linkVisitorStatement(deps, { visitorId, sessionToken });
	expect(await readChoice(deps, { userId, purpose: 'advertising' })).toBe('denied');
	expect(await readChoice(deps, { userId, visitorId, purpose: 'advertising' })).toBe('denied');
});

test('a yes said by nobody in particular does not beat a person’s own no, at their sign-in and after it', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	const { userId, sessionToken } = await givenSignIn(deps);
	await recordChoice(deps, { ...ON_THE_BANNER, userId, purpose: 'advertising', choice: 'denied' });
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'advertising', choice: 'granted' });
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'analytics', choice: 'granted' });
	await linkVisitorStatement(deps, { visitorId, sessionToken });
	expect(await readChoice(deps, { userId, purpose: 'advertising' })).toBe('denied');
	expect(await readChoice(deps, { userId, visitorId, purpose: 'advertising' })).toBe('denied');
	const both = await readChoices(deps, { userId, visitorId });
	expect(both.map(({ purpose, choice }) => `${purpose} ${choice}`).toSorted()).toEqual([
		'advertising denied',
		'analytics granted',
	]);
	expect((await rowsOf(deps, visitorId)).map(({ purpose, userId: whose }) => [purpose, whose])).toEqual([
		['advertising', null],
		['analytics', userId],
	]);
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, userId, purpose: 'advertising', choice: 'granted' });
	expect(await readChoice(deps, { userId, visitorId, purpose: 'advertising' })).toBe('granted');
});

test('a no said in a browser before a sign-in ends the person’s older yes, and their later yes counts again', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	const { userId, sessionToken } = await givenSignIn(deps);
	await recordChoice(deps, { ...ON_THE_BANNER, userId, purpose: 'analytics', choice: 'granted' });
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'analytics', choice: 'denied' });
	await linkVisitorStatement(deps, { visitorId, sessionToken });
	expect(await readChoice(deps, { userId, purpose: 'analytics' })).toBe('denied');
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...ON_THE_BANNER, userId, purpose: 'analytics', choice: 'granted' });
	expect(await readChoice(deps, { userId, visitorId, purpose: 'analytics' })).toBe('granted');
});

test('who shares a computer with somebody’s yes keeps their no, and the yes stays the browser’s', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	const [refuses, undecided] = [await givenSignIn(deps), await givenSignIn(deps)];
	await recordChoice(deps, { ...ON_THE_BANNER, userId: refuses.userId, purpose: 'analytics', choice: 'denied' });
	deps.clock.advance({ seconds: 1 });
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'analytics', choice: 'granted' });
	await linkVisitorStatement(deps, { visitorId, sessionToken: refuses.sessionToken });
	expect(await readChoice(deps, { userId: refuses.userId, visitorId, purpose: 'analytics' })).toBe('denied');
	await linkVisitorStatement(deps, { visitorId, sessionToken: undecided.sessionToken });
	expect(await readChoice(deps, { userId: undecided.userId, purpose: 'analytics' })).toBe('granted');
	expect(await readChoice(deps, { userId: refuses.userId, purpose: 'analytics' })).toBe('denied');
});

test('the next person at the same computer gets nothing of the one before', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	const [first, second] = [await givenSignIn(deps), await givenSignIn(deps)];
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'advertising', choice: 'granted' });
	await linkVisitorStatement(deps, { visitorId, sessionToken: first.sessionToken });
	await linkVisitorStatement(deps, { visitorId, sessionToken: second.sessionToken });
	expect(await readChoice(deps, { userId: first.userId, purpose: 'advertising' })).toBe('granted');
	expect(await readChoice(deps, { userId: second.userId, visitorId, purpose: 'advertising' })).toBeNull();
});

test('a session that is not there links nothing', async () => {
	const deps = freshDeps();
	const visitorId = aVisitor();
	await recordChoice(deps, { ...ON_THE_BANNER, visitorId, purpose: 'analytics', choice: 'granted' });
	const before = await rowsOf(deps, visitorId);
	await linkVisitorStatement(deps, { visitorId, sessionToken: 'of nobody' });
	expect(await rowsOf(deps, visitorId)).toEqual(before);
});
