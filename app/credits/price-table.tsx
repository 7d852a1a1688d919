import { Link } from '@remix-run/react';

import { whatCreditsBuy, type PricedItem } from '../../studios/pricing';
import { useStudio } from '../shell';
import { moneyWords } from './money-words';
import { centsForOne, offersOf } from './offers';
import { countWords } from '../count-words';

/** Plans and packs side by side: what each brings, what it makes, and what one piece of work comes to. */
export function PriceTable({ leadsOn }: { leadsOn: boolean }) {
	const studio = useStudio();
	const { packs, plans } = offersOf(studio);
	return (
		<table className="tbl prices">
			<caption className="vh">Plans and packs</caption>
			<thead>
				<tr>
					<th scope="col">Plan or pack</th>
					<th scope="col" className="r hide-s">
						Credits
					</th>
					<th scope="col" className="r hide-s">
						Makes
					</th>
					<th scope="col" className="r hide-s">
						One {studio.work.one} comes to
					</th>
					<th scope="col" className="r">
						Price
					</th>
				</tr>
			</thead>
			<tbody>
				{[...plans, ...packs].map((offer) => (
					<OfferRow key={offer.id} offer={offer} leadsOn={leadsOn} />
				))}
			</tbody>
		</table>
	);
}

function OfferRow({ offer, leadsOn }: { offer: PricedItem; leadsOn: boolean }) {
	const studio = useStudio();
	const { currency } = studio.pricing;
	const isMonthly = offer.kind === 'plan';
	const makes = whatCreditsBuy(studio, offer.credits) ?? `less than a ${studio.work.one}`;
	const one = centsForOne(studio, offer);
	const oneWords = one === null ? '' : moneyWords(one, currency);
	return (
		<tr>
			<th scope="row">
				{leadsOn ? <Link to={`/credits/buy?item=${offer.id}`}>{offer.title}</Link> : offer.title}
				<span className="below">{isMonthly ? 'paid each month' : 'paid once'}</span>
				<span className="below only-s">
					{isMonthly && `${countWords(offer.credits)} credits, `}
					makes {makes}, {oneWords} each
				</span>
			</th>
			<td className="r hide-s">{countWords(offer.credits)}</td>
			<td className="r hide-s">{makes}</td>
			<td className="r hide-s">{oneWords}</td>
			<td className="r">
				<span className="amt">{moneyWords(offer.cents, currency)}</span>
				<span className="below">{isMonthly ? 'a month' : 'once'}</span>
			</td>
		</tr>
	);
}
