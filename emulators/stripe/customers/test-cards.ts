import { z } from 'zod';

/** What becomes of a charge of this card. */
export type CardBehaviour = 'pays' | 'declined' | 'insufficient_funds' | 'fails_when_charged';

interface TestCard {
	readonly brand: 'visa' | 'mastercard';
	readonly behaviour: CardBehaviour;
	readonly country: string;
}

const TEST_CARDS: Readonly<Record<string, TestCard>> = {
	'4242424242424242': { brand: 'visa', behaviour: 'pays', country: 'US' },
	'5555555555554444': { brand: 'mastercard', behaviour: 'pays', country: 'US' },
	'4000000000000002': { brand: 'visa', behaviour: 'declined', country: 'US' },
	'4000000000009995': { brand: 'visa', behaviour: 'insufficient_funds', country: 'US' },
	'4000000000000259': { brand: 'visa', behaviour: 'pays', country: 'US' },
	'4000000000000341': { brand: 'visa', behaviour: 'fails_when_charged', country: 'US' },
};

/** What a card form posts. Numbers are taken with spaces, the expiry as `12/34` or `12 / 2034`. */
export const CardForm = z.object({
	card_number: z.string().max(40).default(''),
	card_expiry: z.string().max(12).default(''),
	card_cvc: z.string().max(4).default(''),
	name: z.string().trim().max(200).default(''),
});
export type CardForm = z.output<typeof CardForm>;

export interface Card extends TestCard {
	readonly number: string;
	readonly expMonth: number;
	readonly expYear: number;
}

/** The card of the form, or the sentence that says what is wrong with it. `nowSeconds` decides what has expired. */
export function readCard(form: CardForm, nowSeconds: number): Card | { problem: string } {
	const number = form.card_number.replace(/[\s-]/g, '');
	if (!/^\d{12,19}$/.test(number)) return { problem: 'Your card number is incomplete.' };
	if (!isLuhn(number)) return { problem: 'Your card number is invalid.' };
	const known = TEST_CARDS[number];
	if (!known) return { problem: 'Your card was declined: the stand-in takes Stripe’s test cards alone.' };
	const [, month = '', year = ''] = /^\s*(\d{1,2})\s*\/\s*(\d{2}|\d{4})\s*$/.exec(form.card_expiry) ?? [];
	const expMonth = Number(month);
	if (expMonth < 1 || expMonth > 12) return { problem: 'Your card’s expiration date is incomplete.' };
	const expYear = year.length === 2 ? 2000 + Number(year) : Number(year);
	if (Date.UTC(expYear, expMonth) / 1000 <= nowSeconds)
		return { problem: 'Your card’s expiration date is in the past.' };
	if (!/^\d{3}$/.test(form.card_cvc)) return { problem: 'Your card’s security code is incomplete.' };
	return { ...known, number, expMonth, expYear };
}

/** ISO/IEC 7812-1, annex B. */
function isLuhn(number: string): boolean {
	const sum = Array.from(number)
		.toReversed()
		.reduce((total, digit, index) => {
			const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
			return total + (doubled > 9 ? doubled - 9 : doubled);
		}, 0);
	return sum % 10 === 0;
}
