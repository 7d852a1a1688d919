import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { notFound } from '../../core/errors';
import { readConsistency, readHead, readNewestHead } from '../../core/log/read-head';
import { readReceipt } from '../../core/receipts/read-receipt';
import { needs, OPEN_TO_ALL } from '../access';
import { answers } from '../answers';
import type { ApiEnv } from '../bindings';
import { ConsistencyAnswer, ConsistencyQuery, LogHead, ReceiptProofAnswer } from '../contract/log';
import { limitedLook } from '../limit';
import { refuseInvalid } from '../refuse-invalid';

/** A head is signed a minute after the receipt at the soonest, so whoever asks more often learns nothing. */
const NEWEST_HEAD_SECONDS = 30;

const getHead = createRoute({
	method: 'get',
	path: '/v1/log/heads/{size}',
	...OPEN_TO_ALL,
	tags: ['Receipts'],
	summary: 'The signed head of the log at this size, where there is one',
	request: { params: z.object({ size: z.string() }) },
	responses: answers(200, LogHead, 'The head'),
});

const getConsistency = createRoute({
	method: 'get',
	path: '/v1/log/consistency',
	...OPEN_TO_ALL,
	tags: ['Receipts'],
	summary: 'The proof that a newer head continues an older one (RFC 6962, 2.1.2)',
	request: { query: ConsistencyQuery },
	responses: answers(200, ConsistencyAnswer, 'The proof'),
});

const getProof = createRoute({
	method: 'get',
	path: '/v1/receipts/{id}/proof',
	tags: ['Receipts'],
	summary: 'The proof that a receipt is in the log (RFC 6962, 2.1.1), with the head it leads to',
	...needs('receipts:read'),
	request: { params: z.object({ id: z.string() }) },
	responses: answers(200, ReceiptProofAnswer, 'The proof, or that no head covers the receipt yet'),
});

export const logRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getHead, async (c) => {
		const { size } = c.req.valid('param');
		// What is no size names no head, as a size does that none was signed for.
		if (!/^[1-9]\d{0,14}$/.test(size)) throw notFound('head of the log');
		await limitedLook(c);
		return c.json(await readHead(c.var.deps, { treeSize: Number(size) }), 200);
	})
	.openapi(getConsistency, async (c) => {
		const sizes = c.req.valid('query');
		await limitedLook(c);
		return c.json(await readConsistency(c.var.deps, sizes), 200);
	})
	.openapi(getProof, async (c) => {
		const { deps, caller } = c.var;
		const { accountId } = caller.actor;
		const found = await readReceipt(deps, { receiptId: c.req.valid('param').id, accountId });
		if (found === null) throw notFound('receipt');
		const { proof } = found;
		return c.json(proof === null ? { state: 'pending' as const } : { state: 'included' as const, proof }, 200);
	});

/** Where the newest head is published; outside /v1, beside the keys. */
export const newestHeadRoute = new OpenAPIHono<ApiEnv>().get('/.well-known/afterglow-log.json', async (c) => {
	const head = await readNewestHead(c.var.deps);
	c.header('cache-control', `public, max-age=${NEWEST_HEAD_SECONDS}`);
	// Whoever compares heads of several services may do so from a page of their own.
	c.header('access-control-allow-origin', '*');
	return c.json(head);
});
