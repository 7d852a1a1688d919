import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { readReconciliation } from '../../core/billing/read-reconciliation';
import { auditByOperator } from '../../core/operations/audit-by-operator';
import { grantByOperator } from '../../core/operations/grant-by-operator';
import { prepareByOperator } from '../../core/operations/prepare-by-operator';
import { readLedger } from '../../core/operations/read-ledger';
import { reconcileByOperator } from '../../core/operations/reconcile-by-operator';
import { refundPayment } from '../../core/operations/refund-payment';
import { returnByOperator } from '../../core/operations/return-by-operator';
import { FOR_OPERATOR } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { Page } from '../contract';
import {
	GrantAnswer,
	GrantOrder,
	LedgerAnswer,
	LedgerAuditAnswer,
	PrepareAnswer,
	PrepareOrder,
	ReconcileAnswer,
	ReconcileOrder,
	ReconciliationAnswer,
	RefundAnswer,
	RefundOrder,
} from '../contract/operations';
import { refuseInvalid } from '../refuse-invalid';

const OPERATIONS = { tags: ['Operations'], ...FOR_OPERATOR };
const params = z.object({ id: z.string().max(120) });

const postGrant = createRoute({
	method: 'post',
	path: '/v1/operations/grant',
	summary: 'Add credits to an account',
	...OPERATIONS,
	request: takes(GrantOrder),
	responses: answers(200, GrantAnswer, 'Granted, now or before under this key'),
});

const postRefund = createRoute({
	method: 'post',
	path: '/v1/operations/refund',
	summary: 'Give a payment back, or the credits of a render',
	...OPERATIONS,
	request: takes(RefundOrder),
	responses: answers(200, RefundAnswer, 'Given back, now or before'),
});

const getLedger = createRoute({
	method: 'get',
	path: '/v1/operations/ledger/{id}',
	summary: 'An account’s balance, grants, entries, and whether its chain holds',
	...OPERATIONS,
	request: { params, query: Page },
	responses: answers(200, LedgerAnswer, 'The ledger, its entries newest first'),
});

const postAudit = createRoute({
	method: 'post',
	path: '/v1/operations/audit',
	summary: 'Recompute every ledger and every chain',
	...OPERATIONS,
	responses: answers(200, LedgerAuditAnswer, 'What was found'),
});

const postReconcile = createRoute({
	method: 'post',
	path: '/v1/operations/reconcile',
	summary: 'Begin to compare Stripe with the ledger',
	...OPERATIONS,
	request: takes(ReconcileOrder),
	responses: answers(202, ReconcileAnswer, 'Begun, now or before under this key'),
});

const getReconciliation = createRoute({
	method: 'get',
	path: '/v1/operations/reconciliations/{id}',
	summary: 'How a comparison went, day by day',
	...OPERATIONS,
	request: { params },
	responses: answers(200, ReconciliationAnswer, 'The run so far'),
});

const postPrepare = createRoute({
	method: 'post',
	path: '/v1/operations/prepare-stripe',
	summary: 'Make at Stripe what this deployment sells',
	...OPERATIONS,
	request: takes(PrepareOrder),
	responses: answers(200, PrepareAnswer, 'What was made; nothing when all was there'),
});

/** What operators do, through the same core as everything else; each leaves an entry in a record. */
export const operationRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(postGrant, async (c) => {
		const { deps, whence } = c.var;
		const { expiresAt, ...order } = c.req.valid('json');
		const expiresAtMs = expiresAt === null ? null : Date.parse(expiresAt);
		const { entryId, isNew } = await grantByOperator(deps, { whence, ...order, expiresAtMs });
		return c.json({ accountId: order.accountId, entryId, credits: order.credits, isNew }, 200);
	})
	.openapi(postRefund, async (c) => {
		const { deps, whence } = c.var;
		const order = c.req.valid('json');
		if (order.kind === 'render') {
			const { render, reason } = order;
			const returned = await returnByOperator(deps, { whence, renderId: render, reason });
			return c.json({ kind: 'render' as const, render, ...returned }, 200);
		}
		const { payment, cents, reason, key } = order;
		const { refundId, ...made } = await refundPayment(deps, { whence, paymentId: payment, cents, reason, key });
		return c.json({ kind: 'payment' as const, payment, refund: refundId, ...made }, 200);
	})
	.openapi(getLedger, async (c) => {
		const { deps, whence } = c.var;
		const { id: accountId } = c.req.valid('param');
		return c.json(await readLedger(deps, { whence, accountId, ...c.req.valid('query') }), 200);
	})
	.openapi(postAudit, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await auditByOperator(deps, { whence }), 200);
	})
	.openapi(postReconcile, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await reconcileByOperator(deps, { whence, ...c.req.valid('json') }), 202);
	})
	.openapi(getReconciliation, async (c) =>
		c.json(await readReconciliation(c.var.deps, { run: c.req.valid('param').id }), 200),
	)
	.openapi(postPrepare, async (c) => {
		const { deps, whence } = c.var;
		return c.json(await prepareByOperator(deps, { whence, ...c.req.valid('json') }), 200);
	});
