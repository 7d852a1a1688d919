import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import { destroyDataKey, keyName } from '../../../workers/core/vault/data-key';
import { openText, sealText } from '../../../workers/core/vault/seal-text';
import { isErased, writeTombstone } from '../../../workers/core/vault/tombstone';
import { createVault } from '../../../workers/core/vault/vault';
import { freshDeps, VAULT_KEY } from '../../support/deps';

const PLACE = 'subjects.reference';
const TEXT = 'Patient 4711, Zähne 11–21';

/** Another request: it has unwrapped nothing yet. */
function later(wrapping = { current: VAULT_KEY, before: null as string | null }) {
	return { vault: createVault(env.VAULT, wrapping) };
}

async function sealed() {
	const deps = freshDeps();
	const owner = deps.newId('subject');
	return { deps, owner, value: await sealText(deps, { owner, place: PLACE, text: TEXT }) };
}

test('what is sealed opens for its owner and place, and says nothing of itself', async () => {
	const { owner, value } = await sealed();
	expect(value).not.toContain('4711');
	expect(await openText(later(), { owner, place: PLACE, sealed: value })).toBe(TEXT);
});

test('the same words are sealed differently each time', async () => {
	const { deps, owner, value } = await sealed();
	expect(await sealText(deps, { owner, place: PLACE, text: TEXT })).not.toBe(value);
});

test('without its key it is nothing, in this request and in the next', async () => {
	const { deps, owner, value } = await sealed();
	await destroyDataKey(deps, owner);
	expect(await openText(deps, { owner, place: PLACE, sealed: value })).toBeNull();
	expect(await openText(later(), { owner, place: PLACE, sealed: value })).toBeNull();
	expect(await env.VAULT.head(keyName(owner))).toBeNull();
});

test('a value that was moved to another place or another owner does not open', async () => {
	const { deps, owner, value } = await sealed();
	const other = await sealed();
	await expect(openText(deps, { owner, place: 'consents.signer_name', sealed: value })).rejects.toThrow(
		'not sealed there',
	);
	await expect(openText(deps, { owner: other.owner, place: PLACE, sealed: value })).rejects.toThrow('not sealed there');
});

test('a key wrapped with the secret before opens with both and not with the new one alone', async () => {
	const { owner, value } = await sealed();
	const next = 'another vault key of the tests, 32 characters or more';
	expect(await openText(later({ current: next, before: VAULT_KEY }), { owner, place: PLACE, sealed: value })).toBe(
		TEXT,
	);
	await expect(
		openText(later({ current: next, before: null }), { owner, place: PLACE, sealed: value }),
	).rejects.toThrow('not configured');
});

test('two that seal for a new owner at once end with one key', async () => {
	const owner = freshDeps().newId('subject');
	const values = await Promise.all(
		Array.from({ length: 8 }, (_, at) => sealText(later(), { owner, place: PLACE, text: `${at}` })),
	);
	const opened = await Promise.all(values.map((value) => openText(later(), { owner, place: PLACE, sealed: value })));
	expect(opened).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('an erasure that comes while a key is being made leaves none', async () => {
	const { vault } = later();
	const owner = freshDeps().newId('subject');
	const create: typeof vault.store.create = async (name, ...rest) => {
		if (name === keyName(owner)) {
			await writeTombstone(later(), owner, 0);
			await destroyDataKey(later(), owner);
		}
		return vault.store.create(name, ...rest);
	};
	const racing = { vault: { ...vault, store: { ...vault.store, create } } };
	await expect(sealText(racing, { owner, place: PLACE, text: TEXT })).rejects.toMatchObject({ code: 'conflict' });
	expect(await env.VAULT.head(keyName(owner))).toBeNull();
});

test('for an erased owner nothing is sealed any more', async () => {
	const { deps, owner } = await sealed();
	expect(await isErased(deps, owner)).toBe(false);
	await writeTombstone(deps, owner, deps.now().getTime());
	await destroyDataKey(deps, owner);
	expect(await isErased(later(), owner)).toBe(true);
	await expect(sealText(later(), { owner, place: PLACE, text: TEXT })).rejects.toMatchObject({ code: 'conflict' });
	expect(await env.VAULT.head(keyName(owner))).toBeNull();
});
