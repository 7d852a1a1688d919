import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';

import { apiFor } from '../api';
import { toStripe } from '../credits/to-stripe';
import { textOf } from '../form';

const HERE = '/credits/billing';
const Flow = z.enum(['card', 'cancel']);

export function loader() {
	return redirect(HERE);
}

/** Leads to where Stripe keeps card, plan and invoices; straight to the card, or to ending the plan, when the form says so. */
export async function action({ request, context }: ActionFunctionArgs) {
	const flow = Flow.safeParse(textOf(await request.formData(), 'flow'));
	const answer = await apiFor(context, request).v1.billing.portal.$post({
		json: flow.success ? { flow: flow.data } : {},
	});
	return toStripe(answer, async () => (await answer.json()).url, HERE);
}
