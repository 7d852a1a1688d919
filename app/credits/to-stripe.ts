import { redirect } from '@remix-run/cloudflare';

import { refusalOf } from '../api';
import { leaveTo } from '../auth/leave-to';
import { withNext, withParameter } from '../paths';

interface Led {
	readonly ok: boolean;
	readonly status: number;
	json(): Promise<unknown>;
}

/** Leads a form on to Stripe's page; where that is refused, back to `here` with the refusal's code. */
export async function toStripe(answer: Led, urlOf: () => Promise<string>, here: string): Promise<Response> {
	if (answer.ok) return leaveTo(await urlOf(), 'Stripe', new Headers());
	const { code } = await refusalOf(answer);
	if (code === 'not_signed_in') return redirect(withNext('/sign-in', here));
	if (code === 'account_required') return redirect(withNext('/accounts', here));
	if (code === 'reauthentication_required') return redirect(withNext('/prove', here));
	return redirect(withParameter(here, 'refused', code));
}
