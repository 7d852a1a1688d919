import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import { mailSuppressions } from '../../../schema/mail';
import { addressHashOf } from '../../../workers/core/mail/address-hash';
import { findSuppression, liftSuppression, listSuppressions } from '../../../workers/core/mail/suppressions';
import { WHENCE } from '../operations/given-operator';
import { mailWorld, type MailWorld } from './mail-world';

async function givenBounced(deps: MailWorld) {
	const address = `${crypto.randomUUID()}@practice.test`;
	const fingerprint = await addressHashOf(deps.mailKey, address);
	const sinceMs = deps.now().getTime();
	await deps.db.insert(mailSuppressions).values({ addressHash: fingerprint, reason: 'bounced', sinceMs });
	return { address, fingerprint };
}

async function entriesAbout(fingerprint: string) {
	const { results } = await env.DB.prepare('select action, facts, reason from audit_entries where target_id = ?')
		.bind(fingerprint)
		.all();
	return results;
}

test('an operator knows an address by its letters, and sees the newest as fingerprints', async () => {
	const deps = mailWorld();
	deps.clock.set(new Date('2030-01-01T00:00:00Z'));
	const { address, fingerprint } = await givenBounced(deps);
	expect(await findSuppression(deps, { address: ` ${address.toUpperCase()} ` })).toMatchObject({
		fingerprint,
		reason: 'bounced',
	});
	expect(await findSuppression(deps, { address: 'nobody@practice.test' })).toBeNull();
	const { bounced, newest } = await listSuppressions(deps);
	expect(bounced).toBeGreaterThan(0);
	expect(newest[0]).toMatchObject({ fingerprint });
	expect(JSON.stringify(newest)).not.toContain('practice.test');
});

test('what is lifted is lifted once, and the record says why and not whose', async () => {
	const deps = mailWorld();
	const { address, fingerprint } = await givenBounced(deps);
	const lift = { whence: WHENCE, address, reason: 'The mailbox is back' };
	expect(await liftSuppression(deps, lift)).toMatchObject({ fingerprint, reason: 'bounced' });
	expect(await findSuppression(deps, { address })).toBeNull();
	await expect(liftSuppression(deps, lift)).rejects.toMatchObject({ code: 'not_found' });
	const entries = await entriesAbout(fingerprint);
	expect(entries).toHaveLength(1);
	expect(entries[0]).toMatchObject({ action: 'suppression.lifted', reason: 'The mailbox is back' });
	expect(JSON.stringify(entries)).not.toContain(address);
});
