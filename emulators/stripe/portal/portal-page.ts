import { html } from 'hono/html';
import { page } from '../../sign-in/page';
import { formatDate, formatMoney } from '../billing/invoice-lines';
import { cardFields, field } from '../checkout/checkout-page';
import type {
	Customer,
	Invoice,
	PaymentMethod,
	PortalConfiguration,
	PortalSession,
	Price,
	Subscription,
} from '../wire/stored';

export interface PortalPage {
	readonly session: PortalSession;
	readonly features: PortalConfiguration['features'];
	readonly customer: Customer;
	/** `{base}/portal/{id}`; the forms are posted below it. */
	readonly action: string;
	readonly card: PaymentMethod | undefined;
	/** Those that run. */
	readonly subscriptions: readonly Subscription[];
	/** What a plan can be changed to. */
	readonly plans: readonly { price: Price; name: string }[];
	/** By subscription: the price that it changes to when its period ends. */
	readonly scheduled: ReadonlyMap<string, string>;
	readonly invoices: readonly Invoice[];
	readonly problem?: string | undefined;
}

type Section = 'payment_method_update' | 'subscription_cancel' | 'subscription_update' | 'invoices';

/** The customer's own page: card, plan, end of the subscription, invoices. A flow shows its one section. */
export function portalPage(view: PortalPage) {
	const { session, features, customer, problem } = view;
	const shows = (section: Section) => session.flow === null || session.flow.type === section;
	const plan = features.subscription_update.enabled && shows('subscription_update');
	const cancel = features.subscription_cancel.enabled && shows('subscription_cancel');
	return page(
		'Billing at the stand-in for Stripe',
		html`<h1>Stand-in for Stripe: billing</h1>
			<p class="soft">${customer.name ?? ''} ${customer.email ?? ''}</p>
			${problem === undefined ? '' : html`<p class="wrong" role="alert" id="problem">${problem}</p>`}
			${view.subscriptions.map((subscription) => subscriptionPart(view, subscription, { plan, cancel }))}
			${features.payment_method_update.enabled && shows('payment_method_update') ? cardPart(view) : ''}
			${features.invoice_history.enabled && shows('invoices') ? invoicePart(view.invoices) : ''}
			${session.return_url === null ? '' : html`<p class="row"><a href="${session.return_url}">Back to ${new URL(session.return_url).host}</a></p>`}`,
	);
}

function subscriptionPart(
	{ action, plans, scheduled }: PortalPage,
	subscription: Subscription,
	{ plan, cancel }: { plan: boolean; cancel: boolean },
) {
	const [item] = subscription.items.data;
	if (!item) return '';
	const name = plans.find(({ price }) => price.id === item.price.id)?.name ?? 'Subscription';
	const end = formatDate(item.current_period_end);
	const next = plans.find(({ price }) => price.id === scheduled.get(subscription.id));
	const id = html`<input type="hidden" name="subscription" value="${subscription.id}" />`;
	const others = plans.filter(({ price }) => price.id !== item.price.id);
	return html`<h2>${name}, ${priceOf(item.price)}</h2>
		<p>
			${subscription.cancel_at_period_end ? `Ends on ${end}.` : `Renews on ${end}.`}
			${next ? `Then it changes to ${next.name}.` : ''}
			${subscription.status === 'past_due' ? 'The last payment failed.' : ''}
		</p>
		${
			plan
				? others.map(
						({ price, name: other }) =>
							html`<form method="post" action="${action}/plan">
								${id}<input type="hidden" name="price" value="${price.id}" />
								<button class="person">Change to ${other}, ${priceOf(price)}</button>
							</form>`,
					)
				: ''
		}
		${
			cancel
				? html`<form method="post" action="${action}/${subscription.cancel_at_period_end ? 'keep' : 'cancel'}">
						${id}
						<p class="row">
							<button>${subscription.cancel_at_period_end ? `Keep ${name}` : `Cancel ${name} on ${end}`}</button>
						</p>
					</form>`
				: ''
		}`;
}

function cardPart({ action, card }: PortalPage) {
	const shown = card?.card
		? `${card.card.brand} ending in ${card.card.last4}, until ${card.card.exp_month}/${card.card.exp_year}`
		: 'None';
	return html`<h2>Card on file</h2>
		<p>${shown}</p>
		<form method="post" action="${action}/card" novalidate>
			${field('name', 'Name', '')} ${cardFields()}
			<p class="row"><button class="main">Change card</button></p>
		</form>`;
}

function invoicePart(invoices: readonly Invoice[]) {
	return html`<h2>Invoices</h2>
		${invoices.length === 0 ? html`<p>None yet.</p>` : ''}
		${invoices.map(
			(invoice) =>
				html`<p>
					<a href="${invoice.hosted_invoice_url ?? ''}">${invoice.number ?? invoice.id}</a>,
					${formatDate(invoice.created)}: ${formatMoney(invoice.total, invoice.currency)}, ${invoice.status}
				</p>`,
		)}`;
}

function priceOf({ currency, recurring, unit_amount }: Price): string {
	return `${formatMoney(unit_amount ?? 0, currency)} every ${recurring?.interval ?? 'month'}`;
}
