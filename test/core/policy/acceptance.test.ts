import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';

import { idempotencyKeys } from '../../../schema/credits';
import { policyAcceptances } from '../../../schema/policy';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { enterByProvider } from '../../../workers/core/accounts/enter-by-provider';
import { resolvePerson } from '../../../workers/core/accounts/resolve-person';
import type { Actor } from '../../../workers/core/actor';
import type { Deps } from '../../../workers/core/deps';
import { acceptPolicy, notePolicyUse } from '../../../workers/core/policy/accept-policy';
import { keepRegistry } from '../../../workers/core/policy/keep-registry';
import { policyInForce } from '../../../workers/core/policy/read-registry';
import { startRender } from '../../../workers/core/renders/start-render';
import { announceUpload } from '../../../workers/core/uploads/announce-upload';
import { freshDeps } from '../../support/deps';
import { givenAccount, ledgerOf } from '../../support/given';
import { givenReadyUpload, renderWorld, smileOrder } from '../../support/render-world';
import { emptyRegistry, FIRST, studioWith } from './given-policy';

const DAY_HOURS = 24;

beforeEach(() => emptyRegistry(freshDeps()));

async function given() {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	return { deps, actor, order: smileOrder(actor, upload.id) };
}

function acceptancesOf({ db }: Pick<Deps, 'db'>, { userId }: Pick<Actor, 'userId'>) {
	return db.select().from(policyAcceptances).where(eq(policyAcceptances.userId, userId));
}

function forget({ db }: Pick<Deps, 'db'>, { userId }: Actor) {
	return db.delete(policyAcceptances).where(eq(policyAcceptances.userId, userId));
}

async function tracesOf(deps: Pick<Deps, 'db'> & { sent: readonly unknown[] }, { accountId }: Actor) {
	const { db } = deps;
	return {
		ledger: await ledgerOf(deps, accountId),
		renders: await db.select().from(renders).where(eq(renders.accountId, accountId)),
		keys: await db.select().from(idempotencyKeys).where(eq(idempotencyKeys.accountId, accountId)),
		uploads: await db.select().from(uploads).where(eq(uploads.accountId, accountId)),
		sent: [...deps.sent],
	};
}

/** The second version, in force. */
async function givenSecondVersion(isMaterial: boolean) {
	const studio = studioWith({ isMaterial, announced: '2026-11-21', effective: '2026-11-21' });
	const deps = freshDeps({ studio });
	await keepRegistry(freshDeps());
	// Seen, told, said to be told; then the notice is over.
	for (let step = 0; (await policyInForce(deps)).version === FIRST; step += 1) {
		if (step > 20) throw new Error('The second version never held.');
		if (step > 3) deps.clock.advance({ hours: 15 * DAY_HOURS });
		await keepRegistry(deps);
	}
	return { studio, now: deps.now };
}

const photo = (actor: Actor) => ({
	actor,
	network: null,
	kind: 'source' as const,
	contentType: 'image/jpeg',
	byteLength: 100,
	sideMax: undefined,
	basis: null,
});

test('without an accepted policy nothing is ordered and no photo is taken, and neither leaves a trace', async () => {
	const { deps, actor, order } = await given();
	await forget(deps, actor);
	const before = await tracesOf(deps, actor);

	const refusal = { code: 'policy_not_accepted', details: { version: FIRST } };
	await expect(startRender(deps, order)).rejects.toMatchObject(refusal);
	await expect(announceUpload(deps, photo(actor))).rejects.toMatchObject(refusal);

	expect(await tracesOf(deps, actor)).toEqual(before);
});

test('accepting the version in force lets the same order through, and twice is once', async () => {
	const { deps, actor, order } = await given();
	await forget(deps, actor);

	await acceptPolicy(deps, { userId: actor.userId, version: FIRST });
	await acceptPolicy(deps, { userId: actor.userId, version: FIRST });

	expect(await startRender(deps, order)).toMatchObject({ state: 'queued', isNew: true });
	expect(await acceptancesOf(deps, actor)).toMatchObject([
		{ id: `${actor.userId}.${FIRST}`, surface: 'web', textHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
	]);
});

test('a material version asks again, and the one before it is not accepted any more', async () => {
	const { deps, actor } = await given();
	const before = await tracesOf(deps, actor);
	const later = { ...deps, ...(await givenSecondVersion(true)) };

	await expect(announceUpload(later, photo(actor))).rejects.toMatchObject({
		code: 'policy_not_accepted',
		details: { version: '2026-12-01' },
	});
	// It was accepted before, so accepting it again says nothing new.
	await acceptPolicy(later, { userId: actor.userId, version: FIRST });
	await expect(announceUpload(later, photo(actor))).rejects.toMatchObject({ code: 'policy_not_accepted' });
	expect(await tracesOf(deps, actor)).toEqual(before);

	await acceptPolicy(later, { userId: actor.userId, version: '2026-12-01' });
	await expect(announceUpload(later, photo(actor))).resolves.toMatchObject({ state: 'awaiting' });
});

test('a version that nobody has seen yet cannot be accepted', async () => {
	const { deps, actor } = await given();
	await keepRegistry(deps);

	await expect(acceptPolicy(deps, { userId: actor.userId, version: '2027-01-01' })).rejects.toMatchObject({
		code: 'conflict',
	});
	expect(await acceptancesOf(deps, actor)).toHaveLength(1);
});

test('a version that is not material asks for nothing; the first use under it is noted once', async () => {
	const { deps, actor } = await given();
	const { studio, now } = await givenSecondVersion(false);
	const later = { ...deps, studio, now };
	const token = actor.via.kind === 'session' ? `token of ${actor.via.sessionId}` : '';
	const looked = () => resolvePerson(later, { sessionToken: token });

	await expect(announceUpload(later, photo(actor))).resolves.toMatchObject({ state: 'awaiting' });
	expect((await looked())?.policy).toEqual({ isAccepted: true, isUseNoted: false, announced: null });
	await notePolicyUse(later, actor);
	await notePolicyUse(later, actor);

	expect((await looked())?.policy).toEqual({ isAccepted: true, isUseNoted: true, announced: null });
	expect(new Set((await acceptancesOf(deps, actor)).map(({ version, surface }) => `${version} ${surface}`))).toEqual(
		new Set([`${FIRST} sign_up`, '2026-12-01 use']),
	);
});

test('whoever comes in by a provider accepts as a sign-up does', async () => {
	const deps = freshDeps();
	const { userId } = await enterByProvider(deps, {
		provider: 'google',
		identity: { subject: crypto.randomUUID(), email: `${crypto.randomUUID()}@practice.test`, name: 'Ada' },
		whence: { network: null },
	});

	expect(await acceptancesOf(deps, { userId })).toMatchObject([
		{ version: FIRST, surface: 'sign_up', acceptedAtMs: deps.now().getTime() },
	]);
});
