import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { sweep } from '../../../workers/core/retention/sweep';
import { givenAccount } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { givenReadyUpload, renderWorld } from '../../support/render-world';

test('a draft that something still names stays, and keeps neither other drafts nor ended consents', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const nowMs = deps.now().getTime();
	// Deleted a day later it is still named by its row, which is what a receipt is about.
	const photo = await givenReadyUpload(deps, actor);
	await deps.db.update(consents).set({ state: 'draft' }).where(eq(consents.id, photo.consentId!));
	const bare = await givenConsent(deps, actor, { signerName: null });
	const brief = await givenConsent(deps, actor, { expiresAtMs: nowMs + 3_600_000 });

	deps.clock.advance({ hours: 25 });
	const result = await sweep(deps, { scheduledAtMs: deps.now().getTime() });

	expect(result.failures).toBe(0);
	const rows = await deps.db.select().from(consents).where(eq(consents.accountId, actor.accountId));
	expect(new Map(rows.map(({ id, state }) => [id, state]))).toEqual(
		new Map([
			[photo.consentId, 'draft'],
			[brief.id, 'expired'],
		]),
	);
	expect(rows.map(({ id }) => id)).not.toContain(bare.id);
});
