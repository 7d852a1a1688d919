import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { apiFor, turnedAway } from '../api';
import type { Checkout } from '../credits/answers';
import { CheckoutView } from '../credits/checkout-view';
import { PartPageFailure } from '../credits/part-page';
import { creditsStyles } from '../credits/styles';
import type { LoadContext } from '../load-context';
import { titled } from '../title';

const TITLE = 'Your purchase';

export const meta = titled(TITLE);
export const links = creditsStyles;

/** Of an api that is silent for a moment: the page that waits looks again and does not break. */
const SILENT = 500;

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const id = params['id'] ?? '';
	const answer = await apiFor(context, request).v1.billing.checkouts[':id'].$get({ param: { id } });
	if (!answer.ok && answer.status < SILENT) throw await turnedAway(answer, request);
	const checkout = answer.ok ? await answer.json() : null;
	return { id, checkout, isHere: checkout?.state === 'paid' && (await areHere(context, request, checkout)) };
}

/** Clocks of two houses: a payment may be dated some seconds before the order that it is for. */
const CLOCKS_APART_MS = 60_000;
const PURCHASES_LOOKED_AT = '5';

/** A pack's credits come with the word that it is paid; a plan's come with its invoice, which may be a moment later. */
async function areHere(context: LoadContext, request: Request, { item, createdAt }: Checkout): Promise<boolean> {
	if (!STUDIOS[context.studio].pricing.plans.some(({ id }) => id === item)) return true;
	const answer = await apiFor(context, request).v1.billing.purchases.$get({ query: { limit: PURCHASES_LOOKED_AT } });
	if (!answer.ok) return false;
	const { items } = await answer.json();
	const sinceMs = Date.parse(createdAt) - CLOCKS_APART_MS;
	return items.some((purchase) => purchase.item === item && Date.parse(purchase.paidAt) >= sinceMs);
}

export default function Bought() {
	const { id, checkout, isHere } = useLoaderData<typeof loader>();
	return <CheckoutView key={id} id={id} checkout={checkout} isHere={isHere} />;
}

export function ErrorBoundary() {
	return <PartPageFailure title={TITLE} />;
}
