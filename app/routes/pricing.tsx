import { ButtonLink } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { capitalised } from '../components/navigation';
import { Page } from '../components/page';
import { priceOfOne, toolWords } from '../credits/offers';
import { PriceFacts } from '../credits/price-facts';
import { PriceTable } from '../credits/price-table';
import { creditsStyles } from '../credits/styles';
import { useMay } from '../may';
import { useShell, useStudio } from '../shell';
import { MEASURED } from '../still';
import { titled } from '../title';

export const handle = MEASURED;

export const meta = titled('Prices', { isPublic: true });
export const links = creditsStyles;

export default function Pricing() {
	const studio = useStudio();
	const mayBuy = useMay('billing:write');
	const price = priceOfOne(studio);
	if (price === null) return <NotYet />;
	return (
		<Page>
			<div className="pricing-head">
				<h1>Prices</h1>
				<p className="lead">
					{capitalised(toolWords(studio))} costs {price} credits. What fails is never charged.
				</p>
				<WayOn />
			</div>
			<section className="part">
				<h2>Plans and packs</h2>
				<PriceTable leadsOn={mayBuy} />
				<p className="small muted">Before tax. A plan can be ended at any time, and a pack is bought once.</p>
			</section>
			<section className="part two-col">
				<h2>Good to know</h2>
				<PriceFacts />
			</section>
		</Page>
	);
}

function WayOn() {
	const { session } = useShell();
	const mayBuy = useMay('billing:write');
	const { welcomeCredits, tenancy } = useStudio();
	if (!session.signedIn) {
		return (
			<div className="row">
				<ButtonLink to="/sign-up" look="main" fill>
					Start with {welcomeCredits} credits
				</ButtonLink>
				<span className="small muted">Free, without a card.</span>
			</div>
		);
	}
	if (mayBuy) {
		return (
			<div className="row">
				<ButtonLink to="/credits/buy" look="main" fill>
					Buy credits
				</ButtonLink>
				<ButtonLink to="/credits" look="line" fill>
					Your credits
				</ButtonLink>
			</div>
		);
	}
	return (
		<div className="row">
			<ButtonLink to="/credits" look="line" fill>
				Your credits
			</ButtonLink>
			<span className="small muted">Whoever owns the {tenancy.word} buys them.</span>
		</div>
	);
}

function NotYet() {
	return (
		<Page>
			<h1>Prices</h1>
			<div className="ask">
				<EmptyState
					title="Nothing is sold yet"
					hasGhosts={false}
					action={
						<ButtonLink to="/#to-come" look="line">
							What this will be
						</ButtonLink>
					}
				>
					The tools are being built, so credits would buy nothing. Prices come with the first of them.
				</EmptyState>
			</div>
		</Page>
	);
}
