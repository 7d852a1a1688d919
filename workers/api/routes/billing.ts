import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';

import { listPurchases } from '../../core/billing/list-purchases';
import { openCheckout } from '../../core/billing/open-checkout';
import { openPortal } from '../../core/billing/open-portal';
import { readBilling } from '../../core/billing/read-billing';
import { readCheckout } from '../../core/billing/read-checkout';
import { readInvoicePage } from '../../core/billing/read-invoice-page';
import { needs } from '../access';
import { answers, takes } from '../answers';
import type { ApiEnv } from '../bindings';
import { Page } from '../contract';
import {
	BillingAnswer,
	CheckoutAnswer,
	CheckoutOrder,
	OpenedCheckout,
	PortalOrder,
	PurchaseList,
	StripePage,
} from '../contract/billing';
import { refuseInvalid } from '../refuse-invalid';

const params = z.object({ id: z.string() });
const tags = ['Billing'];

const getBilling = createRoute({
	method: 'get',
	path: '/v1/billing',
	tags,
	summary: 'The plan and the card, as far as they are known here',
	...needs('billing:write'),
	responses: answers(200, BillingAnswer, 'The plan and the card'),
});

const postCheckout = createRoute({
	method: 'post',
	path: '/v1/billing/checkout',
	tags,
	summary: 'Open Stripe’s till for a pack or a plan; nothing is paid by that',
	...needs('billing:write'),
	request: takes(CheckoutOrder),
	responses: answers(200, OpenedCheckout, 'Where to pay'),
});

const getCheckout = createRoute({
	method: 'get',
	path: '/v1/billing/checkouts/{id}',
	tags,
	summary: 'How far an order at the till is',
	...needs('billing:write'),
	request: { params },
	responses: answers(200, CheckoutAnswer, 'The order'),
});

const postPortal = createRoute({
	method: 'post',
	path: '/v1/billing/portal',
	tags,
	summary: 'Open Stripe’s portal: card, address, tax numbers, plan',
	...needs('billing:write'),
	request: takes(PortalOrder),
	responses: answers(200, StripePage, 'Where to go'),
});

const getPurchases = createRoute({
	method: 'get',
	path: '/v1/billing/purchases',
	tags,
	summary: 'What was paid for, newest first',
	...needs('billing:write'),
	request: { query: Page },
	responses: answers(200, PurchaseList, 'A page of purchases'),
});

const getInvoice = createRoute({
	method: 'get',
	path: '/v1/billing/purchases/{id}/invoice',
	tags,
	summary: 'Stripe’s page of a purchase’s invoice',
	...needs('billing:write'),
	request: { params },
	responses: answers(200, StripePage, 'Where the invoice is'),
});

export const billingRoutes = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
	.openapi(getBilling, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readBilling(deps, { actor: caller.actor }), 200);
	})
	.openapi(postCheckout, async (c) => {
		const { deps, caller, whence } = c.var;
		return c.json(await openCheckout(deps, { actor: caller.actor, whence, ...c.req.valid('json') }), 200);
	})
	.openapi(getCheckout, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await readCheckout(deps, { actor: caller.actor, checkoutId: c.req.valid('param').id }), 200);
	})
	.openapi(postPortal, async (c) => {
		const { deps, caller, whence } = c.var;
		const { flow } = c.req.valid('json');
		return c.json(await openPortal(deps, { actor: caller.actor, whence, flow }), 200);
	})
	.openapi(getPurchases, async (c) => {
		const { deps, caller } = c.var;
		return c.json(await listPurchases(deps, { actor: caller.actor, ...c.req.valid('query') }), 200);
	})
	.openapi(getInvoice, async (c) => {
		const { deps, caller, whence } = c.var;
		const purchaseId = c.req.valid('param').id;
		return c.json(await readInvoicePage(deps, { actor: caller.actor, whence, purchaseId }), 200);
	});
