import type { ReactNode } from 'react';

import type { Refusal } from '../api';
import { ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { useMay } from '../may';
import { useStudio } from '../shell';
import { moneyWords } from './money-words';

interface Short {
	readonly available: number;
	readonly required: number;
}

/** What is there and what an order costs, when that is more; null when it is not, or nobody knows. */
export function shortOf(available: number | null, price: number | null, refusal: Refusal | null): Short | null {
	const { details } = refusal ?? {};
	if (refusal?.code === 'insufficient_credits' && details?.available !== undefined && details.required !== undefined) {
		return { available: details.available, required: details.required };
	}
	return available !== null && price !== null && available < price ? { available, required: price } : null;
}

interface ShortNoticeProps extends Short {
	/** "this video" */
	readonly what: string;
	/** What became of photo or words. */
	readonly children: ReactNode;
}

/** Not enough credits: how many are missing, and the way to more for whoever has one. */
export function ShortNotice({ available, required, what, children }: ShortNoticeProps) {
	const { pricing, tenancy } = useStudio();
	const mayBuy = useMay('billing:write');
	const pack = pricing.packs.at(0);
	const missing = required - available;
	return (
		<Notice
			kind="soon"
			title={`${available} credits, and ${what} costs ${required}`}
			actions={
				mayBuy ? (
					<ButtonLink to="/credits/buy" look="main">
						Buy credits
					</ButtonLink>
				) : (
					<ButtonLink to="/credits">See the credits</ButtonLink>
				)
			}
		>
			{missing} {missing === 1 ? 'is' : 'are'} missing.{' '}
			{mayBuy && pack !== undefined
				? `The smallest pack, ${pack.credits} credits, is ${moneyWords(pack.cents, pricing.currency)} before tax.`
				: `Ask the owner of the ${tenancy.word} to buy some.`}{' '}
			Nothing was charged. {children}
		</Notice>
	);
}

/** Whether an order was refused because its price had risen since it was looked at. */
export function isPriceChange(refusal: Refusal | null): refusal is Refusal & { readonly code: 'price_above_limit' } {
	return refusal?.code === 'price_above_limit';
}

/** The price rose while somebody looked: both prices, and that pressing again is a yes to the new one. */
export function PriceChangeNotice({ refusal, what }: { refusal: Refusal; what: string }) {
	const { credits, creditsMax } = refusal.details ?? {};
	return (
		<Notice
			kind="soon"
			title={credits === undefined ? 'The price has changed' : `It costs ${credits} credits now, not ${creditsMax}`}
			isAlert
		>
			The price changed while you were looking. Nothing was ordered or charged. Make {what} if it is worth that.
		</Notice>
	);
}
