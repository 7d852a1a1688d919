import { html } from 'hono/html';
import { page } from '../../sign-in/page';
import { formatMoney } from '../billing/invoice-lines';
import type { CheckoutSession, LineItem } from '../wire/stored';

export interface CheckoutPage {
	readonly session: CheckoutSession;
	readonly lines: readonly LineItem[];
	/** Where the form is posted to. */
	readonly action: string;
	/** Of a known customer; the address can then not be changed here. */
	readonly email: string | null;
	/** What was typed before a refusal. Card numbers are not shown again. */
	readonly typed: Readonly<Record<string, string>>;
	readonly problem?: string | undefined;
}

/** Asks for the payment: what is bought, who pays, and with which card or bank account. */
export function checkoutPage({ session, lines, action, email, typed, problem }: CheckoutPage) {
	const total = formatMoney(session.amount_total ?? 0, session.currency ?? 'eur');
	const every = lines.find(({ price }) => price?.recurring)?.price?.recurring?.interval;
	const due = every === undefined ? total : `${total} today, then every ${every}`;
	return page(
		'Pay at the stand-in for Stripe',
		html`<h1>Stand-in for Stripe</h1>
			<p>Nobody outside this machine is asked, and no money moves.</p>
			${lines.map(lineRow)}
			<p><strong>Total: ${due}</strong></p>
			${problem === undefined ? '' : html`<p class="wrong" role="alert" id="problem">${problem}</p>`}
			<form method="post" action="${action}" novalidate>
				${email === null ? field('email', 'E-mail address', typed['email'] ?? session.customer_email ?? '', 'email') : html`<p class="field">For ${email}</p>`}
				${field('name', 'Name', typed['name'] ?? '')}
				${field('country', 'Country, two letters', typed['country'] ?? 'DE')}
				${field('postal_code', 'Postal code', typed['postal_code'] ?? '')}
				${session.tax_id_collection?.enabled ? field('tax_id', 'VAT number, if a business pays', typed['tax_id'] ?? '') : ''}
				${cardFields()}
				<div class="row">
					<button class="main" name="method" value="card">${every === undefined ? `Pay ${total}` : 'Subscribe'}</button>
					${session.payment_method_types.includes('sepa_debit') ? html`<button name="method" value="bank_debit">Bank debit (takes days)</button>` : ''}
				</div>
			</form>
			${backLink(session)}`,
	);
}

/** The page of a session on which nobody can pay any more. */
export function closedSessionPage(session: CheckoutSession) {
	const isPaid = session.status === 'complete';
	return page(
		isPaid ? 'Already paid' : 'Expired',
		html`<h1>Stand-in for Stripe</h1>
			<p>
				${isPaid ? 'This checkout is complete. Nothing more is charged.' : 'This checkout has expired. Nothing was charged.'}
			</p>
			${backLink(session)}`,
	);
}

/** Fields of a card, as Checkout and the portal have them. */
export function cardFields() {
	return html`${field('card_number', 'Card number', '')} ${field('card_expiry', 'Expiry (MM/YY)', '')}
	${field('card_cvc', 'Security code', '')} ${TEST_CARDS_NOTE}`;
}

const TEST_CARDS_NOTE = html`<details>
	<summary>Cards that work here</summary>
	<p class="soft"><code>4242 4242 4242 4242</code> and <code>5555 5555 5555 4444</code> pay.</p>
	<p class="soft"><code>4000 0000 0000 0002</code> is declined, <code>4000 0000 0000 9995</code> has no money.</p>
	<p class="soft"><code>4000 0000 0000 0341</code> can be kept, and fails when it is charged.</p>
	<p class="soft">Any expiry to come and any three digits do.</p>
</details>`;

export function field(name: string, label: string, value: string, type: 'email' | 'text' = 'text') {
	return html`<label>${label}<input type="${type}" name="${name}" value="${value}" autocomplete="off" /></label>`;
}

function lineRow({ amount_total: amount, currency, description, quantity }: LineItem) {
	return html`<p>${quantity} × ${description}: ${formatMoney(amount, currency)}</p>`;
}

function backLink({ cancel_url: url }: CheckoutSession) {
	return url === null ? '' : html`<p class="row"><a href="${url}">Back</a></p>`;
}
