import { ButtonLink } from '../components/button';
import { useStudio } from '../shell';
import type { Billing } from './answers';
import { CurrentPlan } from './current-plan';
import { offersOf } from './offers';
import { hasPlan } from './plan-words';

/** The plan, or the way to one. */
export function PlanSection({ billing }: { billing: Billing }) {
	const { plans } = offersOf(useStudio());
	return (
		<section className="part">
			{hasPlan(billing) ? (
				<CurrentPlan billing={billing} mayEnd />
			) : (
				<>
					<h2>No plan</h2>
					{billing.plan !== null && <p className="soft">The {billing.plan.title} has ended.</p>}
					<p className="soft">Credits are bought in packs, one by one. A plan brings some each month, for less each.</p>
					{plans.length > 0 && (
						<div className="row">
							<ButtonLink to="/credits/buy" look="main" fill>
								Buy credits
							</ButtonLink>
						</div>
					)}
				</>
			)}
		</section>
	);
}
