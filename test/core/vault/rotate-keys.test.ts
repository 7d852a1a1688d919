import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import { destroyDataKey } from '../../../workers/core/vault/data-key';
import { rotateKeys, type Rotated } from '../../../workers/core/vault/rotate-keys';
import { openText, sealText } from '../../../workers/core/vault/seal-text';
import { createVault, type WrappingSecrets } from '../../../workers/core/vault/vault';
import { bucketPart } from '../../support/bucket-part';

const OLD = 'the old vault key, which has 32 characters or more';
const NEW = 'the new vault key, which has 32 characters or more';
const PLACE = 'subjects.reference';

function given() {
	const bucket = bucketPart(env.VAULT);
	const under = (wrapping: WrappingSecrets) => ({ vault: createVault(bucket, wrapping) });
	return {
		bucket,
		before: () => under({ current: OLD, before: null }),
		during: () => under({ current: NEW, before: OLD }),
		after: () => under({ current: NEW, before: null }),
	};
}

type Given = ReturnType<typeof given>;

async function sealedOnes({ before }: Given, count: number): Promise<Map<string, string>> {
	const values = new Map<string, string>();
	for (let at = 0; at < count; at += 1) {
		const owner = `sub_${at.toString().padStart(3, '0')}`;
		values.set(owner, await sealText(before(), { owner, place: PLACE, text: `words ${at}` }));
	}
	return values;
}

async function opened(deps: ReturnType<Given['after']>, values: ReadonlyMap<string, string>) {
	const texts: (string | null)[] = [];
	for (const [owner, sealed] of values) texts.push(await openText(deps, { owner, place: PLACE, sealed }));
	return texts;
}

test('every key is wrapped anew, everything opens as before, and once more finds nothing to do', async () => {
	const world = given();
	const values = await sealedOnes(world, 9);
	const all = await opened(world.before(), values);

	expect(await rotateKeys(world.during(), { cursor: null })).toEqual({
		looked: 9,
		rewrapped: 9,
		unknown: 0,
		cursor: null,
	});
	expect(await opened(world.after(), values)).toEqual(all);
	expect(await rotateKeys(world.during(), { cursor: null })).toMatchObject({ looked: 9, rewrapped: 0 });
	await expect(opened(world.before(), values)).rejects.toThrow('not configured');
});

test('during it everything can be read, and one that breaks off in the middle is finished by the next', async () => {
	const world = given();
	const values = await sealedOnes(world, 9);
	let writes = 0;
	const dying = {
		...world.bucket,
		put: ((...args: Parameters<R2Bucket['put']>) => {
			writes += 1;
			if (writes > 4) return Promise.reject(new Error('the Worker died'));
			return world.bucket.put(...args);
		}) as R2Bucket['put'],
	};
	const broken = { vault: createVault(dying, { current: NEW, before: OLD }) };

	await expect(rotateKeys(broken, { cursor: null })).rejects.toThrow('died');
	const all = Array.from(values, (_, at) => `words ${at}`);
	expect(await opened(world.during(), values)).toEqual(all);
	const rest = await rotateKeys(world.during(), { cursor: null });
	expect(rest.rewrapped).toBeGreaterThan(0);
	expect(rest.rewrapped).toBeLessThan(9);
	expect(await opened(world.after(), values)).toEqual(all);
});

test('a key that is erased while it is wrapped anew stays erased', async () => {
	const world = given();
	const values = await sealedOnes(world, 1);
	const [owner = ''] = values.keys();
	const erasing = {
		...world.bucket,
		put: (async (...args: Parameters<R2Bucket['put']>) => {
			await destroyDataKey(world.before(), owner);
			return world.bucket.put(...args);
		}) as R2Bucket['put'],
	};

	const rotated = await rotateKeys({ vault: createVault(erasing, { current: NEW, before: OLD }) }, { cursor: null });

	expect(rotated).toMatchObject({ looked: 1, rewrapped: 0 });
	expect(await opened(world.during(), values)).toEqual([null]);
});

test('what is sealed while it goes on opens with the new secret alone', async () => {
	const world = given();
	const values = await sealedOnes(world, 6);
	const [[first = ''] = []] = values;
	const [, later, again] = await Promise.all([
		rotateKeys(world.during(), { cursor: null }),
		sealText(world.during(), { owner: 'sub_new', place: PLACE, text: 'new' }),
		sealText(world.during(), { owner: first, place: PLACE, text: 'again' }),
	]);
	await rotateKeys(world.during(), { cursor: null });
	expect(await openText(world.after(), { owner: 'sub_new', place: PLACE, sealed: later })).toBe('new');
	expect(await openText(world.after(), { owner: first, place: PLACE, sealed: again })).toBe('again');
});

test('a key that an old Worker makes after the round went by is found by the next round', async () => {
	const world = given();
	await sealedOnes(world, 2);
	await rotateKeys(world.during(), { cursor: null });
	const late = await sealText(world.before(), { owner: 'sub_late', place: PLACE, text: 'late' });
	expect(await rotateKeys(world.during(), { cursor: null })).toMatchObject({ looked: 3, rewrapped: 1 });
	expect(await openText(world.after(), { owner: 'sub_late', place: PLACE, sealed: late })).toBe('late');
});

test('a key under a secret that is not configured is counted, and left', async () => {
	const world = given();
	const values = await sealedOnes(world, 2);
	expect(await rotateKeys(world.after(), { cursor: null })).toEqual({
		looked: 2,
		rewrapped: 0,
		unknown: 2,
		cursor: null,
	});
	expect(await opened(world.before(), values)).toEqual(['words 0', 'words 1']);
});

test('the pages of a walk cover every key once', async () => {
	const world = given();
	const wrap = JSON.stringify({ v: 1, wrap: 'other', sealed: '' });
	const names = Array.from({ length: 205 }, (_, at) => `keys/sub_${at}`);
	await Promise.all(names.map((name) => world.bucket.put(name, wrap, { customMetadata: { label: 'other' } })));
	const pages: Rotated[] = [];
	for (let cursor: string | null = null; pages.length === 0 || cursor !== null;) {
		const page = await rotateKeys(world.during(), { cursor });
		pages.push(page);
		({ cursor } = page);
	}
	expect(pages.length).toBeGreaterThan(1);
	expect(pages.reduce((sum, { looked }) => sum + looked, 0)).toBe(205);
	expect(pages.reduce((sum, { unknown }) => sum + unknown, 0)).toBe(205);
});
