import { expect, test } from 'vitest';

import { confirmRevocation } from '../../../workers/core/consents/confirm-revocation';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { readDeletion } from '../../../workers/core/retention/read-deletion';
import { sweep } from '../../../workers/core/retention/sweep';
import { givenAccount } from '../../support/given';
import { deliver, givenReadyUpload, renderWorld } from '../../support/render-world';
import { givenFinishedSmile, receiptBodyOf } from '../erasure/erasure-world';

test('a revoked consent has a receipt of its own once its photos are gone and fal has forgotten', async () => {
	const deps = await renderWorld();
	const { actor, upload } = await givenFinishedSmile(deps);
	const { receiptId } = await revokeConsent(deps, { actor, consentId: upload.consentId! });
	await deliver(deps);
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();
	expect(await readDeletion(deps, { actor, receiptId })).toMatchObject({
		state: 'pending',
		what: 'what rested on the consent',
	});

	deps.clock.advance({ minutes: 30 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	await deliver(deps);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({
		kind: 'consent_revoked',
		objectId: upload.consentId,
		reason: 'consent_revoked',
		deleted: [
			{ what: 'consent in force', count: 1 },
			{ what: 'patient photo', count: 1 },
			{ what: 'after picture', count: 1 },
			{ what: 'video', count: 1 },
		],
		places: [{ state: 'deleted' }, { name: 'fal.ai', state: 'deleted' }],
		processors: [{ name: 'fal.ai', requests: 2 }],
	});
	expect(await readDeletion(deps, { actor, receiptId })).toMatchObject({ state: 'issued' });
	deps.sent.length = 0;
	deps.clock.advance({ minutes: 5 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(deps.sent).not.toContainEqual(
		expect.objectContaining({ message: { type: 'consent.revoked', consentId: upload.consentId } }),
	);
});

test('a consent that was not revoked gets none', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { consentId } = await givenReadyUpload(deps, actor);
	expect(await confirmRevocation(deps, { consentId: consentId! })).toBe('nothing_to_do');
});
