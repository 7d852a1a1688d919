/** "$49" or "$19.50": whole amounts without cents, as pages write them. */
export function moneyWords(cents: number, currency: string): string {
	return new Intl.NumberFormat('en-US', { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }).format(
		cents / CENTS,
	);
}

const CENTS = 100;
const NAMES = new Intl.DisplayNames('en', { type: 'currency' });

/** "US dollars", in the plural that a sentence about prices wants. */
export function currencyWords(currency: string): string {
	const code = currency.toUpperCase();
	return code === 'USD' ? 'US dollars' : (NAMES.of(code) ?? code);
}
