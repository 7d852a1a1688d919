import { Chip } from '../components/chip';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { Billing } from './answers';
import { moneyWords } from './money-words';
import { isLate } from './plan-words';
import { StripeForm } from './stripe-form';
import { countWords } from '../count-words';

/** The plan that runs: its name, what it brings, until when, and the way to another. */
export function CurrentPlan({ billing, mayEnd = false }: { billing: Billing; mayEnd?: boolean }) {
	const { plan } = billing;
	return (
		<section className="plan" aria-label="Your plan">
			<div className="row spread">
				<h2>{plan?.title ?? 'Your plan'}</h2>
				<PlanChip billing={billing} />
			</div>
			<p className="soft">
				{figureWords(billing)} <PeriodWords billing={billing} />
			</p>
			{isLate(billing) && (
				<Notice
					kind="stop"
					title="The last payment did not go through"
					actions={
						<StripeForm action="/credits/portal" fields={{ flow: 'card' }} look="line" label="Change the card" />
					}
				>
					No credits came for this month yet. Stripe tries the card again over some days. Once the payment goes through,
					they come by themselves.
				</Notice>
			)}
			<div className="row">
				<StripeForm action="/credits/portal" look="line" label="Change plan" />
				{mayEnd && !billing.isEnding && (
					<StripeForm
						action="/credits/portal"
						fields={{ flow: 'cancel' }}
						look="end-it"
						label={plan === null ? 'End the plan' : `End the ${plan.title}`}
					/>
				)}
			</div>
		</section>
	);
}

/** What it brings and costs; nothing of a plan that is not sold any more. */
function figureWords({ plan }: Billing): string | null {
	if (plan === null || plan.credits === null || plan.cents === null) return null;
	return `${countWords(plan.credits)} credits each month for ${moneyWords(plan.cents, plan.currency)} before tax.`;
}

function PlanChip({ billing }: { billing: Billing }) {
	if (isLate(billing)) return <Chip state="stop">Not paid</Chip>;
	if (billing.isEnding) return <Chip state="soon">Ending</Chip>;
	if (billing.status === 'paused') return <Chip state="gone">Paused</Chip>;
	return <Chip state="kept">Running</Chip>;
}

/** Until when, in words. What is not paid has its own notice, and no date to promise. */
function PeriodWords({ billing }: { billing: Billing }) {
	const { isEnding, periodEnd } = billing;
	if (periodEnd === null || isLate(billing)) return null;
	return isEnding ? (
		<>
			It ends <Time at={periodEnd} as="on-day" />, and nothing is paid after that.
		</>
	) : (
		<>
			The next payment is <Time at={periodEnd} as="on-day" />.
		</>
	);
}
