import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';

import { mails } from '../../../schema/mail';
import { policyVersions } from '../../../schema/policy';
import { policyAt, policyOn, retentionHours } from '../../../studios/policy/policy';
import { violates } from '../../../workers/core/errors';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { keepRegistry, TOLD_AT_ONCE } from '../../../workers/core/policy/keep-registry';
import { textHashOf } from '../../../workers/core/policy/policy-text';
import { policyInForce } from '../../../workers/core/policy/read-registry';
import { freshDeps, START } from '../../support/deps';
import { emptyStores } from '../../support/empty-stores';
import { givenUser } from '../../support/given';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { FIRST, registryOf, studioWith } from './given-policy';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// Everybody there is gets told, and each test counts them.
beforeEach(emptyStores);

test('in an empty registry the first version holds at once, and a second look changes nothing', async () => {
	const deps = freshDeps();
	expect(await policyInForce(deps)).toMatchObject({ version: FIRST, effectiveAtMs: null, announced: null });

	await keepRegistry(deps);
	const rows = await registryOf(deps);
	deps.clock.advance({ hours: 400 });
	await keepRegistry(deps);

	expect(rows).toMatchObject([{ version: FIRST, noticeMs: 0, effectiveAtMs: START.getTime(), toldThrough: null }]);
	expect(await registryOf(deps)).toEqual(rows);
	expect(await policyInForce(deps)).toMatchObject({ version: FIRST, effectiveAtMs: START.getTime(), changedTexts: [] });
	expect(await deps.db.select().from(mails)).toEqual([]);
});

test('a material version is told to everybody once, in bounded steps, and holds only when its notice is over', async () => {
	const before = freshDeps();
	await keepRegistry(before);
	for (let person = 0; person < TOLD_AT_ONCE + 3; person += 1) await givenUser(before);
	// Its day is nearer than the 14 days of notice: the notice decides.
	const deps = freshDeps({ studio: studioWith({ effective: '2026-11-25' }) });

	await keepRegistry(deps);
	deps.clock.advance({ hours: 11 });
	await keepRegistry(deps);
	expect(await deps.db.select().from(mails)).toEqual([]);
	// The day on which telling begins.
	deps.clock.advance({ hours: 1 });
	await keepRegistry(deps);
	expect(await deps.db.select().from(mails)).toHaveLength(TOLD_AT_ONCE);
	expect((await policyInForce(deps)).announced).toMatchObject({ version: '2026-12-01', isMaterial: true });
	await keepRegistry(deps);
	await keepRegistry(deps);

	const told = await deps.db.select().from(mails);
	expect(new Set(told.map(({ userId }) => userId)).size).toBe(TOLD_AT_ONCE + 3);
	expect(told).toHaveLength(TOLD_AT_ONCE + 3);
	expect(told.every(({ kind, mailClass }) => kind === 'policy_change' && mailClass === 'security')).toBe(true);
	const notifiedAtMs = deps.now().getTime();
	expect(await registryOf(deps)).toMatchObject([{}, { notifiedAtMs, effectiveAtMs: null, noticeMs: 14 * DAY_MS }]);

	deps.clock.set(new Date(notifiedAtMs + 14 * DAY_MS - 1));
	await keepRegistry(deps);
	expect((await policyInForce(deps)).version).toBe(FIRST);
	deps.clock.advance({ seconds: 1 });
	await keepRegistry(deps);
	expect(await policyInForce(deps)).toMatchObject({ version: '2026-12-01', announced: null });
	expect(await deps.db.select().from(mails)).toHaveLength(TOLD_AT_ONCE + 3);
});

test('the notice says what changes, and from which day at the earliest', async () => {
	const before = freshDeps();
	await keepRegistry(before);
	const { userId, email } = await givenUser(before);
	const deps = freshDeps({ studio: studioWith({ effective: '2026-12-20' }) });
	deps.clock.advance({ hours: 24 });
	await keepRegistry(deps);
	await keepRegistry(deps);

	const [row] = await deps.db.select().from(mails).where(eq(mails.userId, userId));
	expect(await openMail(deps.mailKey, row?.id ?? '', row?.sealed ?? '')).toMatchObject({
		kind: 'policy_change',
		to: email,
		holdsFromMs: Date.parse('2026-12-20'),
		changes: ['Photos are kept for 12 hours instead of 24.'],
	});
	expect(deps.sent.map(({ message }) => message)).toEqual([{ type: 'mail.send', mailId: row?.id }]);
});

test('two sweeps that tell at once tell each person once', async () => {
	const before = freshDeps();
	await keepRegistry(before);
	for (let person = 0; person < 4; person += 1) await givenUser(before);
	const deps = freshDeps({ studio: studioWith({}) });
	deps.clock.advance({ hours: 24 });
	await keepRegistry(deps);

	await Promise.allSettled([keepRegistry(deps), keepRegistry(deps)]);
	await keepRegistry(deps);

	expect(await deps.db.select().from(mails)).toHaveLength(4);
	expect((await registryOf(deps))[1]?.notifiedAtMs).not.toBeNull();
});

test('no statement puts a version in force before its notice is over, nor before its day', async () => {
	const deps = freshDeps({ studio: studioWith({ effective: '2026-11-21' }) });
	await keepRegistry(freshDeps());
	await keepRegistry(deps);
	const nowMs = deps.now().getTime();
	const put = (values: Partial<typeof policyVersions.$inferInsert>) =>
		deps.db
			.update(policyVersions)
			.set(values)
			.where(eq(policyVersions.version, '2026-12-01'))
			.catch((error: unknown) => error);

	const early = await put({ effectiveAtMs: nowMs });
	const short = await put({ notifiedAtMs: nowMs, effectiveAtMs: nowMs + 14 * DAY_MS - 1 });
	const before = await put({
		notifiedAtMs: nowMs,
		effectiveAtMs: nowMs + 14 * DAY_MS,
		plannedAtMs: nowMs + 15 * DAY_MS,
	});

	expect([early, short].map((cause) => violates(cause, 'noticed_before_it_holds'))).toEqual([true, true]);
	expect(violates(before, 'not_before_its_day')).toBe(true);
	expect((await policyInForce(deps)).version).toBe(FIRST);
});

test('a version that is not material is told to nobody and holds from its day', async () => {
	await keepRegistry(freshDeps());
	await givenUser(freshDeps());
	const deps = freshDeps({ studio: studioWith({ isMaterial: false, effective: '2026-11-23' }) });
	for (const hours of [0, 24, 1]) {
		deps.clock.advance({ hours });
		await keepRegistry(deps);
	}
	expect((await policyInForce(deps)).version).toBe(FIRST);
	deps.clock.set(new Date('2026-11-23T00:00:00.000Z'));
	await keepRegistry(deps);

	expect((await policyInForce(deps)).version).toBe('2026-12-01');
	expect(await deps.db.select().from(mails)).toEqual([]);
});

test('another text under a version that is registered is logged and told as broken', async () => {
	const deps = freshDeps();
	await keepRegistry(deps);
	const { policy } = deps.studio;
	const [first] = policy.versions;
	if (first === undefined) throw new Error('There is a version');
	const changed = { ...policy, children: 'Everybody is welcome.', versions: [{ ...first }] };
	const later = freshDeps({ studio: { ...deps.studio, policy: changed } });

	await keepRegistry(later);

	expect((await policyInForce(later)).changedTexts).toEqual([FIRST]);
	expect((await policyInForce(deps)).changedTexts).toEqual([]);
	const [line] = takeConsoleErrors();
	expect(String(line)).toMatch(/policy_text_changed.*is not the one that was registered.*version of its own/);
});

test('words that were changed after people were told of them do not take force, and nobody more is told of them', async () => {
	const before = freshDeps();
	await keepRegistry(before);
	for (let person = 0; person < TOLD_AT_ONCE + 1; person += 1) await givenUser(before);
	const told = studioWith({ effective: '2026-11-25' });
	const deps = freshDeps({ studio: told });
	await keepRegistry(deps);
	deps.clock.advance({ hours: 24 });
	await keepRegistry(deps);
	const changed = studioWith({ effective: '2026-11-25', changes: ['Photos are kept for a year.'] });
	const later = freshDeps({ studio: changed });
	later.clock.advance({ hours: 24 });

	await keepRegistry(later);
	expect(await deps.db.select().from(mails)).toHaveLength(TOLD_AT_ONCE);

	// Restored, the telling goes on; changed again when the notice is over, the words before them stay in force.
	await keepRegistry(deps);
	await keepRegistry(deps);
	later.clock.advance({ hours: 24 * 30 });
	await keepRegistry(later);
	expect(await policyInForce(later)).toMatchObject({ version: FIRST, changedTexts: ['2026-12-01'] });
	deps.clock.advance({ hours: 24 * 30 });
	await keepRegistry(deps);
	expect(await policyInForce(deps)).toMatchObject({ version: '2026-12-01', changedTexts: [] });
	expect(
		takeConsoleErrors()
			.map(String)
			.every((line) => line.includes('policy_text_changed')),
	).toBe(true);
});

test('once everybody was told, nobody’s number is left in the registry', async () => {
	const before = freshDeps();
	await keepRegistry(before);
	const { userId } = await givenUser(before);
	const deps = freshDeps({ studio: studioWith({}) });
	deps.clock.advance({ hours: 24 });
	await keepRegistry(deps);
	await keepRegistry(deps);
	expect((await registryOf(deps))[1]).toMatchObject({ toldThrough: userId, notifiedAtMs: null });

	await keepRegistry(deps);
	expect((await registryOf(deps))[1]).toMatchObject({ toldThrough: null, notifiedAtMs: deps.now().getTime() });
	await keepRegistry(deps);
	expect(await deps.db.select().from(mails)).toHaveLength(1);
});

test('what a version changes is enforced from its day on, and the words before it keep their hash', async () => {
	const { policy } = studioWith({
		effective: '2026-12-20',
		differs: {
			data: {
				...studioWith().policy.data,
				source: {
					...studioWith().policy.data.source,
					retention: { mode: 'duration', anchor: 'after it came', ms: 12 * HOUR_MS },
				},
			},
		},
	});
	const day = Date.parse('2026-12-20');

	expect(retentionHours(policyOn(policy, day - 1), 'source')).toBe(24);
	expect(retentionHours(policyOn(policy, day), 'source')).toBe(12);
	expect(retentionHours(policyAt(policyOn(policy, day), FIRST), 'source')).toBe(24);
	const hashes = [policy, policyOn(policy, day)].map((text) => {
		const [first] = text.versions;
		return first === undefined ? null : textHashOf({ slug: 'dental', policy: text }, { ...first });
	});
	expect(await hashes[0]).toBe(await hashes[1]);
});
