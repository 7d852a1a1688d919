import type { Billing } from './answers';
import { StripeForm } from './stripe-form';

/** Brand and last four digits: all that we have of a card (DD-11). */
export function CardSection({ billing: { card, hasCustomer } }: { billing: Billing }) {
	return (
		<section className="part">
			<h2>Card</h2>
			<p>
				{card === null ? (
					<span className="soft">No card is kept. {hasCustomer ? '' : 'Stripe asks for one when you first pay.'}</span>
				) : (
					<>
						<b>{brandWords(card.brand)}</b> <span className="nb num">•••• {card.last4}</span>
					</>
				)}
			</p>
			{hasCustomer && (
				<div className="row">
					<StripeForm
						action="/credits/portal"
						fields={{ flow: 'card' }}
						look="line"
						label={card === null ? 'Add a card' : 'Change the card'}
					/>
					<StripeForm action="/credits/portal" look="line" label="Address and tax number" />
				</div>
			)}
			<p className="small muted">
				Stripe keeps the number, the address and the tax number. We have the brand and the last four digits.
			</p>
		</section>
	);
}

const BRANDS: Readonly<Record<string, string>> = {
	visa: 'Visa',
	mastercard: 'Mastercard',
	amex: 'American Express',
	discover: 'Discover',
	diners: 'Diners Club',
	jcb: 'JCB',
	unionpay: 'UnionPay',
};

/** A brand by the name that stands on the card. */
export function brandWords(brand: string): string {
	return BRANDS[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1);
}
