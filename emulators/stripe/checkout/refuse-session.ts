import { found } from '../store';
import { invalid } from '../wire/errors';
import type { LineItem, Price } from '../wire/stored';
import type { World } from '../world';
import type { SessionParams } from './session-params';

const HOUR_SECONDS = 3600;
const LIFETIME_HOURS_MAX = 24;
const LIFETIME_HOURS_MIN = 0.5;

/** Parameters that are each right and do not go together, or name a customer that does not go with them. */
export function refuseContradictions({ clock, store }: World, params: SessionParams): void {
	const { customer: customerId, customer_update: update, mode } = params;
	if (mode === 'payment' && params.subscription_data) {
		throw invalid('You can not pass `subscription_data` in `payment` mode.', { param: 'subscription_data' });
	}
	if (mode === 'subscription' && params.payment_intent_data) {
		throw invalid('You can not pass `payment_intent_data` in `subscription` mode.', { param: 'payment_intent_data' });
	}
	if (mode === 'subscription' && params.invoice_creation) {
		throw invalid('You can only enable invoice creation when `mode` is set to `payment`.', {
			param: 'invoice_creation',
		});
	}
	if (mode === 'subscription' && params.customer_creation) {
		throw invalid('`customer_creation` can only be used in `payment` mode.', { param: 'customer_creation' });
	}
	if (customerId === undefined && update) {
		throw invalid('`customer_update` can only be used with `customer`.', { param: 'customer_update' });
	}
	if (customerId !== undefined && params.customer_email !== undefined) {
		throw invalid('You may only specify one of these parameters: customer, customer_email.', { param: 'customer' });
	}
	for (const name of ['success_url', 'cancel_url'] as const) {
		const url = params[name];
		if (url !== undefined && !/^https?:\/\/[^/]/.test(url)) {
			throw invalid('Not a valid URL', { param: name, code: 'url_invalid' });
		}
	}
	if (customerId !== undefined) refuseForCustomer(found(store.customers, 'customer', customerId, 'customer'), params);
	const left = params.expires_at === undefined ? undefined : (params.expires_at - clock.now()) / HOUR_SECONDS;
	if (left !== undefined && (left < LIFETIME_HOURS_MIN || left > LIFETIME_HOURS_MAX)) {
		const rule =
			'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.';
		throw invalid(rule, { param: 'expires_at' });
	}
}

function refuseForCustomer(customer: { address?: object | null }, params: SessionParams): void {
	const { automatic_tax: tax, customer_update: update, tax_id_collection: taxId } = params;
	if (taxId?.enabled && update?.name !== 'auto') {
		const rule =
			'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.';
		throw invalid(rule, { param: 'customer_update' });
	}
	if (tax?.enabled && !customer.address && update?.address !== 'auto') {
		const rule =
			"Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.";
		throw invalid(rule, { param: 'customer', code: 'customer_tax_location_invalid' });
	}
}

/** A price that this mode does not take. */
export function refusePrice(price: Price, mode: SessionParams['mode'], param: string, isOnly: boolean): void {
	if (!price.active) {
		throw invalid(`The price specified is inactive. This field only accepts active prices.`, { param });
	}
	if (mode === 'payment' && price.recurring) {
		const rule =
			'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.';
		throw invalid(rule, { param: 'mode' });
	}
	if (mode === 'subscription' && !price.recurring && isOnly) {
		throw invalid('You must provide at least one recurring price in `subscription` mode when using prices.', {
			param: 'mode',
		});
	}
}

export function refuseMixedCurrencies(lines: readonly LineItem[]): void {
	if (new Set(lines.map(({ currency }) => currency)).size > 1) {
		throw invalid('All line items must have the same currency.', { param: 'line_items' });
	}
}
