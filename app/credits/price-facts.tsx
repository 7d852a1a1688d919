import { capitalised } from '../components/navigation';
import { useStudio } from '../shell';
import { currencyWords } from './money-words';

/** What one wants to know before paying, each in a sentence or two. */
export function PriceFacts() {
	const { pricing, welcomeCredits, work } = useStudio();
	const facts = [
		{
			what: 'Credits of a plan',
			how: 'Each payment brings a month’s credits. They end with the month that it paid for.',
		},
		{ what: 'Credits of a pack', how: `They stay for ${pricing.packMonths} months from the day you paid.` },
		{ what: 'Which go first', how: 'Those that end first. Credits of packs go last.' },
		{ what: 'To start', how: `${welcomeCredits} credits, once for each person, without a card. They do not end.` },
		{
			what: 'Never charged',
			how: `A ${work.one} that fails, that takes too long or that you cancel. Credits are set aside when it starts, spent when it is ready, and come back by themselves if it never is.`,
		},
		{
			what: 'Tax',
			how: 'Prices are before tax. Where tax applies, Stripe shows the whole amount before you pay.',
		},
		{
			what: 'Currency',
			how: `${capitalised(currencyWords(pricing.currency))}. A bank elsewhere turns them into its own.`,
		},
		{
			what: 'Card',
			how: 'You type it at Stripe, and it stays there. We see its brand and its last four digits.',
		},
		{
			what: 'Ending a plan',
			how: 'At any time, under Card and invoices. It runs until the month that was paid for is over.',
		},
	];
	return (
		<dl className="pairs">
			{facts.map(({ what, how }) => (
				<div key={what}>
					<dt>{what}</dt>
					<dd>{how}</dd>
				</div>
			))}
		</dl>
	);
}
