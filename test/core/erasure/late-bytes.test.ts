import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import type { BlobStore } from '../../../workers/core/deps';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { blobStore } from '../../../workers/core/job-deps';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { removeUnnamed } from '../../../workers/core/retention/remove-unnamed';
import { handleMessage } from '../../../workers/jobs/handle-message';
import { givenAccount } from '../../support/given';
import { deliver, givenRender, notify, renderWorld, storedOutputs, type RenderWorld } from '../../support/render-world';
import { advanceOnce, receiptBodyOf, untilErased } from './erasure-world';

const real = blobStore(env.MEDIA);
const KINDS = ['account', 'subject'] as const;

/** A render whose answer lies in the queue, and what an erasure of its account or patient is asked with. */
async function givenAnswer(deps: RenderWorld, kind: (typeof KINDS)[number]) {
	const { actor, upload, renderId } = await givenRender(deps);
	const { accountId } = actor;
	await deliver(deps);
	deps.fal.finish(deps.fal.last());
	await notify(deps, deps.fal.last());
	const message = deps.sent.shift()!.message;
	return {
		actor,
		renderId,
		accountId,
		message,
		target: { kind, targetId: kind === 'account' ? accountId : upload.subjectId!, accountId },
	};
}

/** A store that puts only after `before`, and breaks off behind it when told. */
function putting(before: () => Promise<unknown>, isKilled = false): BlobStore {
	return {
		...real,
		put: async (...put) => {
			await before();
			await real.put(...put);
			if (isKilled) throw new Error('killed');
		},
	};
}

test.each(KINDS)('bytes that are stored after the receipt of their %s was signed are gone at once', async (kind) => {
	const deps = await renderWorld();
	const { accountId, message, target } = await givenAnswer(deps, kind);
	let receiptId = '';
	const blobs = putting(async () => {
		const asked = await requestErasure(deps, target);
		({ receiptId } = asked);
		await untilErased(deps, asked.erasureId);
	});

	await handleMessage({ ...deps, blobs }, message);

	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: `${kind}_erased` });
	expect(await storedOutputs(accountId)).toEqual([]);
});

test.each(KINDS)('bytes of a consumer that died after the receipt of their %s are gone with the walk', async (kind) => {
	const deps = await renderWorld();
	const { accountId, message, target } = await givenAnswer(deps, kind);
	const erase = async () => untilErased(deps, (await requestErasure(deps, target)).erasureId);
	await expect(handleMessage({ ...deps, blobs: putting(erase, true) }, message)).rejects.toThrow('killed');
	expect(await storedOutputs(accountId)).toHaveLength(1);

	await handleMessage(deps, message);
	const hoursAgo = async (...list: Parameters<BlobStore['list']>) => {
		const { objects, cursor } = await real.list(...list);
		return { objects: objects.map((one) => ({ ...one, putAtMs: one.putAtMs - 2 * 3_600_000 })), cursor };
	};
	await removeUnnamed({ db: deps.db, blobs: { ...real, list: hoursAgo } }, { cursor: 'out/', dueMs: Date.now() });
	expect(await storedOutputs(accountId)).toEqual([]);
});

test.each(KINDS)('bytes of a consumer that died before the %s was erased are gone with the receipt', async (kind) => {
	const deps = await renderWorld();
	const { accountId, message, target, actor, renderId } = await givenAnswer(deps, kind);
	// Of an order that has ended and is forgotten everywhere already, nothing but the erasure looks once more.
	const dying = putting(async () => {
		await cancelRender(deps, { actor, renderId });
		await deliver(deps);
	}, true);
	await expect(handleMessage({ ...deps, blobs: dying }, message)).rejects.toThrow('killed');
	expect(await storedOutputs(accountId)).toHaveLength(1);

	const { erasureId, receiptId } = await requestErasure(deps, target);
	deps.clock.advance({ minutes: 20 });
	// By the erasure alone: nothing else that the queue holds comes to the render.
	for (let left = 3; left > 0 && (await advanceOnce(deps, erasureId)) !== 'certified';) left -= 1;

	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: `${kind}_erased` });
	expect(await storedOutputs(accountId)).toEqual([]);
});

test('the store is listed once more before the receipt, and what lies there then withholds it', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const { erasureId, receiptId } = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	let listings = 0;
	const list: BlobStore['list'] = async (prefix, cursor) => {
		if (prefix.startsWith('out/')) listings += 1;
		// After the leg has looked, and its rows are gone.
		if (listings === 2) await env.MEDIA.put(`out/${accountId}/${'b'.repeat(32)}`, 'bytes');
		return real.list(prefix, cursor);
	};

	expect(await advanceOnce({ ...deps, blobs: { ...real, list } }, erasureId)).toBe('waiting');
	expect(listings).toBe(2);
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();

	await untilErased(deps, erasureId);
	expect(await storedOutputs(accountId)).toEqual([]);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'account_erased' });
});
