import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { mails } from '../../../schema/mail';
import { memberships } from '../../../schema/memberships';
import { STUDIOS } from '../../../studios/all';
import { PERMISSIONS, SCOPES } from '../../../studios/roles';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { LIVE_KEYS_MAX, makeKey } from '../../../workers/core/keys/make-key';
import { listKeys } from '../../../workers/core/keys/list-keys';
import { resolveKey } from '../../../workers/core/keys/resolve-key';
import { revokeKey } from '../../../workers/core/keys/revoke-key';
import { freshDeps } from '../../support/deps';
import { givenAccount, givenMember } from '../../support/given';
import { keyOrder, keyRowsOf, WHENCE } from './given-key';

test('a key is made with its scopes, an audit entry and a mail to its maker, and it works', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);

	const made = await makeKey(deps, keyOrder(actor, { name: 'Practice system', expiresInDays: 30 }));

	expect(made.key).toMatch(/^ak_[\w-]{49}$/);
	expect(made).toMatchObject({ name: 'Practice system', scopes: ['credits:read'], ending: made.key.slice(-4) });
	expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(30 * 86_400_000);
	const { keys, audit } = await keyRowsOf(deps, actor.accountId);
	expect(keys).toMatchObject([{ id: made.id, userId: actor.userId, lastUsedAtMs: null, revokedAtMs: null }]);
	expect(audit).toMatchObject([
		{
			action: 'key.made',
			targetId: made.id,
			userId: actor.userId,
			keyId: null,
			network: WHENCE.network,
			facts: { scopes: 'credits:read', expiresAt: made.expiresAt },
		},
	]);
	const told = deps.sent.flatMap(({ message }) => (message.type === 'mail.send' ? [message.mailId] : []));
	const [mail] = await deps.db
		.select()
		.from(mails)
		.where(eq(mails.id, told[0] ?? ''));
	expect(await openMail(deps.mailKey, mail!.id, mail!.sealed ?? '')).toMatchObject({
		to: 'ada@practice.test',
		event: { what: 'key_made', accountName: 'Practice', keyName: 'Practice system' },
	});
	expect(await resolveKey(deps, made)).toMatchObject({ keyId: made.id, account: { id: actor.accountId } });
});

test('the key is in the answer alone: neither its row, nor the audit, nor the list holds it', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const { key } = await makeKey(deps, keyOrder(actor));

	const stored = JSON.stringify([await keyRowsOf(deps, actor.accountId), await listKeys(deps, { actor })]);

	// Its random part: the ending, which is the checksum's, is kept to tell keys apart.
	expect(stored).not.toContain(key.slice(3, 23));
	expect(stored).toContain(key.slice(-4));
});

test('two keys have nothing in common', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const [one, two] = [await makeKey(deps, keyOrder(actor)), await makeKey(deps, keyOrder(actor))];
	expect(one.key.slice(3, 23)).not.toBe(two.key.slice(3, 23));
	expect((await keyRowsOf(deps, actor.accountId)).keys).toHaveLength(2);
});

test.each(PERMISSIONS.filter((permission) => !SCOPES.includes(permission)))(
	'no key can carry %s',
	async (permission) => {
		const deps = freshDeps();
		const actor = await givenAccount(deps);

		const made = makeKey(deps, keyOrder(actor, { scopes: ['credits:read', permission] }));

		await expect(made).rejects.toMatchObject({ code: 'not_allowed', message: expect.stringContaining(permission) });
		expect(await keyRowsOf(deps, actor.accountId)).toEqual({ keys: [], audit: [] });
		expect(deps.sent).toEqual([]);
	},
);

test('a scope that the maker does not have is refused by name, and nothing is stored or mailed', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const order = keyOrder(actor, { scopes: ['credits:read', 'assets:delete'], may: new Set(['credits:read'] as const) });

	await expect(makeKey(deps, order)).rejects.toMatchObject({
		code: 'not_allowed',
		message: 'Your role does not include assets:delete, so your key cannot either. Leave it out.',
	});
	expect(await keyRowsOf(deps, actor.accountId)).toEqual({ keys: [], audit: [] });
	expect(deps.sent).toEqual([]);
});

test('a studio without keys makes none, and knows none that was made before', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const { key } = await makeKey(deps, keyOrder(actor));
	const without = freshDeps({ studio: STUDIOS.image });

	await expect(makeKey(without, keyOrder(actor))).rejects.toMatchObject({ code: 'not_allowed' });
	expect(await resolveKey(without, { key })).toBeNull();
	expect((await keyRowsOf(deps, actor.accountId)).keys).toHaveLength(1);
});

test('of 23 keys asked for at once 20 are made, with 20 audit entries; a revoked one makes room', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const asked = Array.from({ length: LIVE_KEYS_MAX + 3 }, () => makeKey(deps, keyOrder(actor)));

	const answers = await Promise.allSettled(asked);

	const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
	expect(refused).toHaveLength(3);
	expect(refused[0]).toMatchObject({ code: 'conflict', details: { keysMax: LIVE_KEYS_MAX } });
	const { keys, audit } = await keyRowsOf(deps, actor.accountId);
	expect([keys.length, audit.length]).toEqual([LIVE_KEYS_MAX, LIVE_KEYS_MAX]);
	expect(deps.sent).toHaveLength(LIVE_KEYS_MAX);

	await revokeKey(deps, { actor, whence: WHENCE, keyId: keys[0]!.id });
	await expect(makeKey(deps, keyOrder(actor))).resolves.toMatchObject({ name: 'Program' });
});

test('another account’s twenty keys, and expired ones, take no room', async () => {
	const deps = freshDeps();
	const [mine, theirs] = [await givenAccount(deps), await givenAccount(deps)];
	for (let made = 0; made < LIVE_KEYS_MAX; made += 1) await makeKey(deps, keyOrder(theirs, { expiresInDays: 1 }));

	await expect(makeKey(deps, keyOrder(mine))).resolves.toBeDefined();
	deps.clock.advance({ hours: 24 });
	await expect(makeKey(deps, keyOrder(theirs))).resolves.toBeDefined();
});

test('whoever lost the role meanwhile makes no key, and nothing is stored or mailed', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const clinician = await givenMember(deps, { accountId, role: 'clinician' });
	await deps.db.update(memberships).set({ role: 'staff' }).where(eq(memberships.userId, clinician.userId));

	await expect(makeKey(deps, keyOrder(clinician))).rejects.toMatchObject({ code: 'not_allowed' });
	expect(await keyRowsOf(deps, accountId)).toEqual({ keys: [], audit: [] });
	expect(deps.sent).toEqual([]);
});
