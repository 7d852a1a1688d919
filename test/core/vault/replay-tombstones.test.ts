import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { walks } from '../../../schema/retention';
import { users } from '../../../schema/users';
import { listConsents } from '../../../workers/core/consents/read-consent';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { readRender } from '../../../workers/core/renders/read-render';
import { sweep } from '../../../workers/core/retention/sweep';
import { openInput } from '../../../workers/core/renders/stored-input';
import { replayTombstones, type Replayed } from '../../../workers/core/vault/replay-tombstones';
import { writeTombstone } from '../../../workers/core/vault/tombstone';
import { createVault } from '../../../workers/core/vault/vault';
import { restoreD1, snapshotD1 } from '../../support/d1-snapshot';
import { VAULT_KEY } from '../../support/deps';
import { givenAccount, givenMember } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { renderWorld, rowsOf, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { givenFinishedSmile, untilErased } from '../erasure/erasure-world';

function anotherRequest() {
	return { vault: createVault(env.VAULT, { current: VAULT_KEY, before: null }) };
}

/** The whole walk, as an operator's command goes through it. */
async function replayAll(deps: RenderWorld): Promise<Omit<Replayed, 'cursor'>> {
	const total = { looked: 0, begun: 0, refused: 0 };
	let cursor: string | null = null;
	do {
		const page: Replayed = await replayTombstones({ ...deps, ...anotherRequest() }, { cursor });
		for (const key of ['looked', 'begun', 'refused'] as const) total[key] += page[key];
		({ cursor } = page);
	} while (cursor !== null);
	return total;
}

async function idsThere({ db }: RenderWorld, ids: { userId: string; accountId: string; subjectId: string }) {
	const [user] = await db.select({ id: users.id }).from(users).where(eq(users.id, ids.userId));
	const [account] = await db.select({ name: accounts.name }).from(accounts).where(eq(accounts.id, ids.accountId));
	const [subject] = await db.select({ id: subjects.id }).from(subjects).where(eq(subjects.id, ids.subjectId));
	return { person: user !== undefined, account: account?.name === 'Practice', subject: subject !== undefined };
}

test.each([
	['subject', { person: true, account: true, subject: false }],
	['account', { person: true, account: false, subject: false }],
	['person', { person: false, account: false, subject: false }],
] as const)(
	'of an erased %s a restored database shows nothing, and what came back is erased again',
	async (kind, left) => {
		const deps = await renderWorld();
		const { actor, upload, renderId } = await givenFinishedSmile(deps);
		const ids = { userId: actor.userId, accountId: actor.accountId, subjectId: upload.subjectId! };
		const bystander = await givenConsent(deps, await givenAccount(deps));
		const before = await snapshotD1(env.DB);
		const targetId = { subject: ids.subjectId, account: ids.accountId, person: ids.userId }[kind];
		const target = { kind, targetId, accountId: kind === 'person' ? null : ids.accountId };
		const first = await requestErasure(deps, target);
		await untilErased(deps, first.erasureId);
		expect(await idsThere(deps, ids)).toEqual(left);

		await restoreD1(env.DB, before);
		expect(await idsThere(deps, ids)).toEqual({ person: true, account: true, subject: true });
		const later = { ...deps, ...anotherRequest() };
		const { render } = await rowsOf(deps, renderId);
		expect(await openInput(later, render)).toBeNull();
		const shown = { subjectReference: 'erased', input: { erased: true } };
		expect(await readRender(later, { actor, renderId })).toMatchObject(shown);

		const replayed = await replayAll(deps);
		// A person's own account was erased with them.
		expect(replayed).toMatchObject({ begun: kind === 'person' ? 2 : 1, refused: 0 });
		expect(await replayAll(deps)).toMatchObject({ begun: 0, refused: 0 });
		const again = await requestErasure(deps, target);
		expect(again.erasureId).not.toBe(first.erasureId);
		await untilErased(deps, again.erasureId);
		expect(await idsThere(deps, ids)).toEqual(left);
		const [kept] = await deps.db.select().from(consents).where(eq(consents.id, bystander.id));
		expect(kept).toMatchObject({ state: 'active' });
	},
);

/** So many minutes, and hours, into a day of March. */
function at(minute: number, hours = 0): Date {
	return new Date(Date.parse('2027-03-01T00:00:00Z') + (hours * 60 + minute) * 60_000);
}

test('the sweep finds them by itself, once a day', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { subjectId } = await givenConsent(deps, actor);
	await writeTombstone(deps, subjectId, 0);
	const erasedAt = async () => (await deps.db.select().from(subjects).where(eq(subjects.id, subjectId)))[0]?.erasedAtMs;
	deps.clock.set(at(41));
	await sweep(deps, { scheduledAtMs: at(41).getTime() });
	expect(await erasedAt()).toBeNull();

	deps.clock.set(at(42));
	await sweep(deps, { scheduledAtMs: at(42).getTime() });

	expect(await erasedAt()).toBe(at(42).getTime());
	const [walked] = await deps.db.select().from(walks).where(eq(walks.name, 'tombstones'));
	expect(walked).toMatchObject({ begunAtMs: at(42).getTime(), endedAtMs: at(42).getTime(), found: 1, cursor: null });
	deps.clock.set(at(42, 1));
	await sweep(deps, { scheduledAtMs: at(42, 1).getTime() });
	const [unmoved] = await deps.db.select().from(walks).where(eq(walks.name, 'tombstones'));
	expect(unmoved).toEqual(walked);
	await expect(listConsents({ ...deps, ...anotherRequest() }, { actor, subjectId })).resolves.toMatchObject({
		subject: { id: subjectId },
	});
});

test('a person whose account was handed over after the moment that was restored is left to somebody, and said', async () => {
	const deps = await renderWorld();
	const owner = await givenAccount(deps);
	await givenMember(deps, { accountId: owner.accountId, role: 'clinician' });
	await writeTombstone(deps, owner.userId, 0);
	expect(await replayAll(deps)).toMatchObject({ begun: 0, refused: 1 });
	expect(takeConsoleErrors().join('\n')).toContain('erasure_replay_refused');
	expect(await idsThere(deps, { ...owner, subjectId: '' })).toMatchObject({ person: true, account: true });
});
