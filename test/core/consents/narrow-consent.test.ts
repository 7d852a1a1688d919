import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { channelsOf } from '../../../workers/core/consents/channels';
import { createConsent } from '../../../workers/core/consents/create-consent';
import { narrowConsent, narrowWhile } from '../../../workers/core/consents/narrow-consent';
import { readConsent } from '../../../workers/core/consents/read-consent';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { freshDeps } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { completeElements, givenConsent } from '../../support/given-consent';

async function given() {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	return { deps, actor, consent: await givenConsent(deps, actor) };
}

test.each([
	[['show_in_room'], ['room']],
	[['patient_copy'], ['download', 'share']],
	[
		['website', 'social_media', 'show_in_room'],
		['room', 'publish'],
	],
	[['billing'], []],
])('the purposes %j mean the channels %j', (purposes, channels) => {
	expect(channelsOf(purposes)).toEqual(channels);
});

test('a consent begins with the channels that its purposes mean, or with fewer, never with more', async () => {
	const { deps, actor, consent } = await given();
	expect(consent).toMatchObject({ channels: ['room', 'download', 'share'], narrowedAt: null });
	const order = { actor, subjectId: consent.subjectId, elements: completeElements(deps.now().getTime()) };
	expect(await createConsent(deps, { ...order, channels: ['room'] })).toMatchObject({ channels: ['room'] });
	await expect(createConsent(deps, { ...order, channels: ['room', 'publish'] })).rejects.toMatchObject({
		code: 'invalid_input',
		details: { fields: ['channels'] },
	});
	expect(await deps.db.select().from(consents).where(eq(consents.accountId, actor.accountId))).toHaveLength(2);
});

test('narrowed it allows fewer, for good: nothing is added, and repeating it changes nothing', async () => {
	const { deps, actor, consent } = await given();
	const narrowed = await narrowConsent(deps, { actor, consentId: consent.id, channels: ['room', 'share'] });
	const narrowedAt = deps.now().toISOString();
	expect(narrowed).toEqual({ id: consent.id, channels: ['room', 'share'], narrowedAt });
	deps.clock.advance({ minutes: 1 });
	expect(await narrowConsent(deps, { actor, consentId: consent.id, channels: ['share', 'room'] })).toEqual(narrowed);
	await expect(
		narrowConsent(deps, { actor, consentId: consent.id, channels: ['room', 'share', 'download'] }),
	).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(narrowConsent(deps, { actor, consentId: consent.id, channels: [] })).rejects.toMatchObject({
		code: 'invalid_input',
	});
	expect(await readConsent(deps, { actor, consentId: consent.id })).toMatchObject({
		channels: ['room', 'share'],
		narrowedAt,
		state: 'active',
	});
});

test('a consent that is over, a stranger’s and an unknown one are not narrowed', async () => {
	const { deps, actor, consent } = await given();
	const channels = ['room'] as const;
	const stranger = await givenAccount(deps);
	await expect(narrowConsent(deps, { actor: stranger, consentId: consent.id, channels })).rejects.toMatchObject({
		code: 'not_found',
	});
	await expect(narrowConsent(deps, { actor, consentId: 'cns_none', channels })).rejects.toMatchObject({
		code: 'not_found',
	});
	await revokeConsent(deps, { actor, consentId: consent.id });
	await expect(narrowConsent(deps, { actor, consentId: consent.id, channels })).rejects.toMatchObject({
		code: 'conflict',
	});
	const [row] = await deps.db.select().from(consents).where(eq(consents.id, consent.id));
	expect(row).toMatchObject({ channels: ['room', 'download', 'share'], narrowedAtMs: null });
});

test('whoever else may says so by a condition of their own; one that does not hold writes nothing', async () => {
	const { deps, consent } = await given();
	const order = { consentId: consent.id, channels: ['room'] as const };
	expect(await narrowWhile(deps, { ...order, holds: sql`false` })).toBeNull();
	expect(await narrowWhile(deps, { ...order, holds: eq(consents.subjectId, consent.subjectId) })).toMatchObject({
		channels: ['room'],
	});
});
