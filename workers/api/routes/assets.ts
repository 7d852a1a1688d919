import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { deleteAsset } from '../../core/assets/delete-asset';
import { readAsset } from '../../core/assets/read-asset';
import { readDeletion } from '../../core/retention/read-deletion';
import { needs } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { AssetAnswer, DeletionAnswer, ReceiptAnswer } from '../contract';
import { toIssuedReceipt } from '../issued-receipt';
import { refuseInvalid } from '../refuse-invalid';

const Id = z.object({ id: z.string() });

const getAsset = createRoute({
	method: 'get',
	path: '/v1/assets/{id}',
	tags: ['Assets'],
	summary: 'What a render made: an address for minutes, and where it may be shown',
	...needs('assets:read'),
	request: { params: Id },
	responses: answers(200, AssetAnswer, 'The asset'),
});

const removeAsset = createRoute({
	method: 'delete',
	path: '/v1/assets/{id}',
	tags: ['Assets'],
	summary: 'Delete it; the receipt follows once its place was read again',
	...needs('assets:delete'),
	request: { params: Id },
	responses: answers(202, DeletionAnswer, 'Being deleted'),
});

const getReceipt = createRoute({
	method: 'get',
	path: '/v1/receipts/{id}',
	tags: ['Receipts'],
	summary: 'The signed receipt of a deletion, or what it still waits for',
	...needs('receipts:read'),
	request: { params: Id },
	responses: answers(200, ReceiptAnswer, 'The receipt'),
});

export const assetRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getAsset, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readAsset(deps, { actor: caller.actor, assetId: c.req.valid('param').id }), 200);
	})
	.openapi(removeAsset, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await deleteAsset(deps, { actor: caller.actor, assetId: c.req.valid('param').id }), 202);
	})
	.openapi(getReceipt, async (c) => {
		const { deps, caller } = c.var;
		const deletion = await readDeletion(deps, { actor: caller.actor, receiptId: c.req.valid('param').id });
		if (deletion.state === 'pending') return c.json(deletion, 200);
		return c.json(toIssuedReceipt(deletion), 200);
	});
