import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

import { ButtonLink } from '../components/button';
import { Chip } from '../components/chip';
import { Time } from '../components/time';
import { useMay } from '../may';
import { whatCreditsBuy } from '../../studios/pricing';
import type { Studio } from '../../studios/studio';
import { useStudio } from '../shell';
import type { Credits, Entry } from './answers';
import { priceOfOne } from './offers';
import { countWords } from '../count-words';

interface BalanceProps {
	readonly credits: Credits;
	/** Entries of the work that all of what is held is held for, newest first; none when that cannot be said. */
	readonly holds: readonly Entry[];
}

/** The one large number: what is free to use, what is held and for what, and the way to more. */
export function Balance({ credits, holds }: BalanceProps) {
	const studio = useStudio();
	const isLow = credits.available < studio.pricing.lowBalanceCredits;
	return (
		<section className="bigfig" aria-label="Balance">
			<p className="soft">Free to use</p>
			<span className="n">{countWords(credits.available)}</span>
			{isLow && (
				<p>
					<Chip state="soon">Running low</Chip>
				</p>
			)}
			<p className="soft">
				<HeldWords held={credits.held} holds={holds} /> {enoughWords(studio, credits.available)}
			</p>
			<WaysOn available={credits.available} />
		</section>
	);
}

function enoughWords(studio: Studio, available: number): string {
	const price = priceOfOne(studio);
	if (price === null) return 'There is nothing to spend them on yet.';
	const makes = whatCreditsBuy(studio, available);
	return makes === null ? `Not enough for a ${studio.work.one}, which costs ${price}.` : `Enough for ${makes}.`;
}

/** How many holds are named one by one. */
const NAMED_MAX = 3;

function HeldWords({ held, holds }: { held: number; holds: readonly Entry[] }): ReactNode {
	const { work } = useStudio();
	const mayOpen = useMay('renders:read');
	if (held === 0) return null;
	if (!mayOpen || holds.length === 0 || holds.length > NAMED_MAX) return `and ${held} held for what is being made.`;
	return (
		<>
			and {held} held for the {holds.length === 1 ? work.one : work.many} of{' '}
			{holds.map(({ id, renderId, createdAt }, index) => (
				<span key={id}>
					{index > 0 && (index === holds.length - 1 ? ' and ' : ', ')}
					<Link to={`${work.path}/${renderId}`}>
						<Time at={createdAt} />
					</Link>
				</span>
			))}
			.
		</>
	);
}

/** One filled button: whoever may pays first, whoever may not goes on with the work. */
function WaysOn({ available }: { available: number }) {
	const studio = useStudio();
	const { slug, work, tenancy } = studio;
	const mayBuy = useMay('billing:write');
	const mayOrder = useMay('renders:write');
	const price = priceOfOne(studio);
	if (mayBuy) {
		return (
			<div className="row">
				{price !== null && (
					<ButtonLink to="/credits/buy" look="main" fill>
						Buy credits
					</ButtonLink>
				)}
				<ButtonLink to="/credits/billing" look="line" fill>
					Card and invoices
				</ButtonLink>
			</div>
		);
	}
	const canAffordOne = price !== null && available >= price;
	return (
		<>
			{mayOrder && canAffordOne && (
				<div className="row">
					<ButtonLink to={slug === 'dental' ? `${work.path}/new` : work.path} look="main" fill>
						New {work.one}
					</ButtonLink>
				</div>
			)}
			<p className="small muted gap">
				Whoever owns the {tenancy.word}, or does its billing, buys credits. Ask them when they run low.
			</p>
		</>
	);
}
