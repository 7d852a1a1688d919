import { whatCreditsBuy, type PricedItem } from '../../studios/pricing';
import { useStudio } from '../shell';
import { moneyWords } from './money-words';
import { centsForOne } from './offers';
import { countWords } from '../count-words';

interface OfferChoiceProps {
	readonly legend: string;
	readonly offers: readonly PricedItem[];
	readonly chosen: string;
	readonly onChoose: (id: string) => void;
}

/** Packs or plans to choose from: the whole row is the target, hairlines part the rows. */
export function OfferChoice({ legend, offers, chosen, onChoose }: OfferChoiceProps) {
	if (offers.length === 0) return null;
	return (
		<fieldset className="offers">
			<legend className="h3">{legend}</legend>
			{offers.map((offer) => (
				<OfferRow key={offer.id} offer={offer} isChosen={offer.id === chosen} onChoose={() => onChoose(offer.id)} />
			))}
		</fieldset>
	);
}

function OfferRow({ offer, isChosen, onChoose }: { offer: PricedItem; isChosen: boolean; onChoose: () => void }) {
	const studio = useStudio();
	const { currency } = studio.pricing;
	const isMonthly = offer.kind === 'plan';
	const makes = whatCreditsBuy(studio, offer.credits);
	const one = centsForOne(studio, offer);
	return (
		<label className="offer">
			<input type="radio" name="item" value={offer.id} required defaultChecked={isChosen} onChange={onChoose} />
			<span>
				<b>{offer.title}</b>{' '}
				<span className="below">
					{isMonthly && `${countWords(offer.credits)} credits a month. `}
					{makes !== null && `Makes ${makes}`}
					{makes !== null && one !== null && `, ${moneyWords(one, currency)} each`}
				</span>
			</span>
			<span className="amt">
				{moneyWords(offer.cents, currency)}
				<small>{isMonthly ? ' a month' : ' once'}</small>
			</span>
		</label>
	);
}
