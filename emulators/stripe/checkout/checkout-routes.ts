import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { wholeAddress } from '../customers/customers';
import { CardForm, readCard } from '../customers/test-cards';
import type { CheckoutSession } from '../wire/stored';
import type { World } from '../world';
import { checkoutPage, closedSessionPage } from './checkout-page';
import { completeSession, type Payer } from './complete-session';
import { upToDate } from './sessions';

/** What the page posts; a test without a browser posts the same. */
export const CheckoutForm = CardForm.extend({
	method: z.enum(['card', 'bank_debit']).default('card'),
	/** Needed unless the session's customer has one. */
	email: z.string().trim().max(254).default(''),
	country: z
		.string()
		.trim()
		.toUpperCase()
		.regex(/^([A-Z]{2})?$/, 'The country is two letters, such as DE.')
		.default('DE'),
	postal_code: z.string().trim().max(20).default(''),
	tax_id: z.string().trim().max(40).default(''),
});
type CheckoutForm = z.output<typeof CheckoutForm>;

/** The hosted page of a session: `GET` and `POST /checkout/:id`. */
export function checkoutRoutes(world: World): Hono {
	return new Hono()
		.get('/checkout/:id', (c) => {
			const session = sessionOf(world, c);
			if (!session) return c.text('There is no such checkout.', 404);
			return session.status === 'open' ? answerPage(world, c, session, 200) : c.html(closedSessionPage(session));
		})
		.post('/checkout/:id', async (c) => {
			const session = sessionOf(world, c);
			if (!session) return c.text('There is no such checkout.', 404);
			if (session.status !== 'open') return c.html(closedSessionPage(session), 409);
			const typed = Object.fromEntries(new URLSearchParams(await c.req.text()));
			const form = CheckoutForm.safeParse(typed);
			if (!form.success) return answerPage(world, c, session, 422, { typed, problem: form.error.issues[0]?.message });
			const payer = payerOf(world, session, form.data);
			if ('problem' in payer) return answerPage(world, c, session, 422, { typed, problem: payer.problem });
			const decline = completeSession(world, session, payer);
			if (decline)
				return answerPage(world, c, session, 402, { typed, problem: `${decline.message} Try another card.` });
			return c.redirect((session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id), 303);
		});
}

function sessionOf(world: World, c: Context): CheckoutSession | undefined {
	const session = world.store.checkoutSessions.get(c.req.param('id') ?? '');
	return session && upToDate(world, session);
}

function answerPage(
	{ baseOf, store }: World,
	c: Context,
	session: CheckoutSession,
	status: 200 | 402 | 422,
	{ typed = {}, problem }: { typed?: Record<string, string>; problem?: string | undefined } = {},
) {
	const view = {
		session,
		lines: store.hidden.lineItems.get(session.id) ?? [],
		action: `${baseOf()}/checkout/${session.id}`,
		email: store.customers.get(session.customer ?? '')?.email ?? null,
	};
	return c.html(checkoutPage({ ...view, typed, problem }), status);
}

function payerOf({ clock, store }: World, session: CheckoutSession, form: CheckoutForm): Payer | { problem: string } {
	const customer = store.customers.get(session.customer ?? '');
	if (session.customer !== null && !customer) return { problem: 'The customer of this checkout has been deleted.' };
	const email = customer?.email ?? form.email;
	if (!z.email().safeParse(email).success) return { problem: 'Write an e-mail address, such as ada@practice.test.' };
	const isBank = form.method === 'bank_debit';
	if (isBank && !session.payment_method_types.includes('sepa_debit')) {
		return { problem: 'This checkout takes cards only.' };
	}
	const by = isBank ? 'bank_debit' : readCard(form, clock.now());
	if (typeof by === 'object' && 'problem' in by) return by;
	const address = wholeAddress({ country: form.country || null, postal_code: form.postal_code || null });
	return { email, name: form.name || null, address, taxId: form.tax_id || null, by };
}
