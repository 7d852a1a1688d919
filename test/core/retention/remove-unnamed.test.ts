import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';

import { assets } from '../../../schema/renders';
import { walks } from '../../../schema/retention';
import { exports } from '../../../schema/rights';
import { uploads } from '../../../schema/uploads';
import type { BlobStore } from '../../../workers/core/deps';
import { newObjectKey, type ObjectPrefix } from '../../../workers/core/media/object-keys';
import { blobStore } from '../../../workers/core/job-deps';
import { removeUnnamed } from '../../../workers/core/retention/remove-unnamed';
import { sweep } from '../../../workers/core/retention/sweep';
import { walk } from '../../../workers/core/retention/walk';
import { givenAccount } from '../../support/given';
import { givenReadyUpload, renderWorld, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { givenFinishedSmile } from '../erasure/erasure-world';

const HOUR_MS = 3_600_000;
const PREFIXES = ['src', 'logo', 'out', 'exp'] as const;

/** What R2 lists under these keys was put so long ago: nobody can tell R2 when something was put. */
const age = new Map<string, number>();
beforeEach(async () => {
	age.clear();
	const { objects } = await env.MEDIA.list();
	await env.MEDIA.delete(objects.map(({ key }) => key));
	await env.DB.exec('DELETE FROM walks');
});

function agedBlobs(changed: Partial<BlobStore> = {}): BlobStore {
	const blobs = blobStore(env.MEDIA);
	return {
		...blobs,
		list: async (prefix, cursor) => {
			const page = await blobs.list(prefix, cursor);
			const aged = page.objects.map((one) => ({
				...one,
				putAtMs: one.putAtMs - (age.get(one.objectKey) ?? 2 * HOUR_MS),
			}));
			return { ...page, objects: aged };
		},
		...changed,
	};
}

async function put(prefix: ObjectPrefix): Promise<string> {
	const key = newObjectKey(prefix, 'acc_1');
	await env.MEDIA.put(key, 'bytes');
	return key;
}

async function lying(): Promise<string[]> {
	return (await env.MEDIA.list()).objects.map(({ key }) => key);
}

/** The whole walk, page by page; answers how many it deleted. */
async function walkThrough(deps: Pick<RenderWorld, 'db' | 'blobs'>): Promise<number> {
	let found = 0;
	let cursor: string | null = null;
	do {
		const slice: Awaited<ReturnType<typeof removeUnnamed>> = await removeUnnamed(deps, { cursor, dueMs: Date.now() });
		found += slice.found;
		({ cursor } = slice);
	} while (cursor !== null);
	return found;
}

test.each(PREFIXES)(
	'an object below %s/ that no row names goes after an hour, and not a moment before',
	async (prefix) => {
		const deps = await renderWorld({ blobs: agedBlobs() });
		const [old, young] = [await put(prefix), await put(prefix)];
		age.set(young, HOUR_MS - 30_000);
		expect(await walkThrough(deps)).toBe(1);
		expect(await lying()).toEqual([young]);
		age.set(young, HOUR_MS);
		expect(await walkThrough(deps)).toBe(1);
		expect(await lying()).not.toContain(old);
	},
);

test('what a row names stays: a photo, one that is on its way, what was made of it, a logo, a copy', async () => {
	const deps = await renderWorld({ blobs: agedBlobs() });
	const { actor } = await givenFinishedSmile(deps);
	const onItsWay = await givenReadyUpload(deps, actor, { state: 'awaiting' });
	await givenReadyUpload(deps, actor, { state: 'deleting' });
	const logoKey = newObjectKey('logo', actor.accountId);
	await givenReadyUpload(deps, actor, { kind: 'logo', objectKey: logoKey });
	const objectKey = await put('exp');
	const copy = { id: deps.newId('export'), userId: actor.userId, objectKey, requestedAtMs: 0, deleteAtMs: 1 };
	await deps.db.insert(exports).values({ ...copy, state: 'ready', byteLength: 5, readyAtMs: 1 });
	const before = await lying();
	expect(before).toEqual(expect.arrayContaining([onItsWay.objectKey, logoKey, objectKey]));
	expect(before.length).toBeGreaterThanOrEqual(6);
	expect(await walkThrough(deps)).toBe(0);
	expect(await lying()).toEqual(before);
});

test('bytes whose row says that they are gone go', async () => {
	const deps = await renderWorld({ blobs: agedBlobs() });
	const { actor, renderId } = await givenFinishedSmile(deps);
	const photo = await givenReadyUpload(deps, actor, { state: 'expired' });
	const made = await deps.db
		.update(assets)
		.set({ state: 'deleted', deletedAtMs: 1 })
		.where(eq(assets.renderId, renderId))
		.returning({ objectKey: assets.objectKey });
	expect(await walkThrough(deps)).toBe(1 + made.length);
	const left = await lying();
	for (const { objectKey } of [photo, ...made]) expect(left).not.toContain(objectKey);
	expect(await walkThrough(deps)).toBe(0);
});

test('a photo whose row is written while the walk looks stays', async () => {
	const deps = await renderWorld({ blobs: agedBlobs() });
	const actor = await givenAccount(deps);
	const blobs = agedBlobs();
	const racing: BlobStore = {
		...blobs,
		list: async (prefix, cursor) => {
			const page = await blobs.list(prefix, cursor);
			if (prefix === 'src/') await deps.db.update(uploads).set({ state: 'ready' }).where(eq(uploads.state, 'expired'));
			return page;
		},
	};
	const photo = await givenReadyUpload(deps, actor, { state: 'expired' });
	expect(await walkThrough({ ...deps, blobs: racing })).toBe(0);
	expect(await lying()).toEqual([photo.objectKey]);
});

test('one that will not go is logged, keeps no other, and is met again', async () => {
	const keys = [await put('src'), await put('src'), await put('src')];
	const stubborn = keys[1]!;
	let isBroken = true;
	const refusing =
		(blobs: BlobStore): BlobStore['delete'] =>
		async (objectKeys) => {
			if (isBroken && objectKeys.includes(stubborn)) throw new Error('the store refuses');
			await blobs.delete(objectKeys);
		};
	const deps = await renderWorld({ blobs: agedBlobs({ delete: refusing(blobStore(env.MEDIA)) }) });
	expect(await walkThrough(deps)).toBe(2);
	expect(takeConsoleErrors()).toHaveLength(1);
	expect(await lying()).toEqual([stubborn]);
	isBroken = false;
	expect(await walkThrough(deps)).toBe(1);
	expect(await lying()).toEqual([]);
});

test('a store that refuses everything costs a bounded number of calls', async () => {
	let calls = 0;
	const refuse = () => {
		calls += 1;
		return Promise.reject(new Error('the store is away'));
	};
	const deps = await renderWorld({ blobs: agedBlobs({ delete: refuse }) });
	await Promise.all(Array.from({ length: 120 }, () => put('out')));
	expect(await walkThrough(deps)).toBe(0);
	expect(calls).toBeLessThanOrEqual(60);
	takeConsoleErrors();
	expect(await lying()).toHaveLength(120);
});

test('a cursor that the store does not take any more begins its prefix anew', async () => {
	const blobs = agedBlobs();
	const picky: BlobStore = {
		...blobs,
		list: (prefix, cursor) =>
			cursor === null ? blobs.list(prefix, cursor) : Promise.reject(new Error('the cursor has ended')),
	};
	const deps = await renderWorld({ blobs: picky });
	await put('out');
	expect(await removeUnnamed(deps, { cursor: 'out/old', dueMs: Date.now() })).toEqual({
		looked: 1,
		found: 1,
		cursor: 'exp/',
	});
	expect(takeConsoleErrors()).toHaveLength(1);
});

test('the sweep does it once a day, goes on where it broke off, and says what it found', async () => {
	const deps = await renderWorld({ blobs: agedBlobs() });
	const [first, second] = [await put('src'), await put('out')];
	const start = Date.parse('2027-03-01T00:12:00Z');
	const sweepAt = (ms: number) => {
		deps.clock.set(new Date(ms));
		return sweep(deps, { scheduledAtMs: ms });
	};
	await sweepAt(start - 60_000);
	expect(await lying()).toHaveLength(2);
	await expect(
		walk(deps, {
			name: 'orphans',
			dueMs: start,
			slicesMax: 9,
			take: (cursor) =>
				cursor?.startsWith('out') === true
					? Promise.reject(new Error('the Worker died'))
					: removeUnnamed(deps, { cursor, dueMs: start }),
		}),
	).rejects.toThrow('died');
	expect(await lying()).toEqual([second]);
	const stored = async () => (await deps.db.select().from(walks).where(eq(walks.name, 'orphans')))[0];
	expect(await stored()).toMatchObject({ cursor: 'out/', looked: 1, found: 1, endedAtMs: null });

	await sweepAt(start + HOUR_MS);
	expect(await lying()).toEqual([]);
	expect(await stored()).toMatchObject({
		begunAtMs: start,
		cursor: null,
		looked: 2,
		found: 2,
		endedAtMs: start + HOUR_MS,
	});
	await put('src');
	await sweepAt(start + 23 * HOUR_MS);
	expect(await lying()).toHaveLength(1);
	await sweepAt(start + 24 * HOUR_MS);
	expect(await lying()).toEqual([]);
	expect(await stored()).toMatchObject({ looked: 1, found: 1 });
	expect(first).not.toBe(second);
});
