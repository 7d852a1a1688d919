import { redirect, type ActionFunctionArgs } from '@remix-run/cloudflare';

import { apiFor } from '../api';
import { toStripe } from '../credits/to-stripe';
import { textOf } from '../form';
import { withParameter } from '../paths';

const HERE = '/credits/buy';

export function loader() {
	return redirect(HERE);
}

/** Opens the till at Stripe for what was chosen, and leads there. */
export async function action({ request, context }: ActionFunctionArgs) {
	const item = textOf(await request.formData(), 'item');
	if (item === '') return redirect(withParameter(HERE, 'refused', 'invalid_input'));
	const answer = await apiFor(context, request).v1.billing.checkout.$post({ json: { item } });
	return toStripe(answer, async () => (await answer.json()).url, withParameter(HERE, 'item', item));
}
