import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';

import { STUDIOS } from '../../studios/all';
import { apiFor, turnedAway } from '../api';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { CurrentPlan } from '../credits/current-plan';
import { moneyWords } from '../credits/money-words';
import { OfferChoice } from '../credits/offer-choice';
import { offersOf } from '../credits/offers';
import { PartPage, PartPageFailure } from '../credits/part-page';
import { hasPlan } from '../credits/plan-words';
import { StripeForm } from '../credits/stripe-form';
import { stripeRefusalWords } from '../credits/stripe-refusal';
import { creditsStyles } from '../credits/styles';
import { useHydrated } from '../hydrated';
import { useStudio } from '../shell';
import { titled } from '../title';

const TITLE = 'Buy credits';

export const meta = titled(TITLE);
export const links = creditsStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { name, tools } = STUDIOS[context.studio];
	if (tools.length === 0) {
		throw new Response(`${name} sells no credits yet: its tools are being built.`, { status: 404 });
	}
	const answer = await apiFor(context, request).v1.billing.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return { billing: await answer.json() };
}

export default function Buy() {
	const { billing } = useLoaderData<typeof loader>();
	const [search] = useSearchParams();
	const isPlanned = hasPlan(billing);
	const refused = stripeRefusalWords(search.get('refused'), 'till');
	return (
		<PartPage title={TITLE}>
			<div className="buy-cols">
				<div className="stack-5">
					{refused !== null && (
						<Notice kind="stop" title="Nothing was paid" isAlert>
							{refused}
						</Notice>
					)}
					{search.has('left') && refused === null && (
						<Notice kind="plain" title="Nothing was paid">
							You left the till before paying.
						</Notice>
					)}
					{isPlanned && <CurrentPlan billing={billing} />}
					<Choose wanted={search.get('item')} hasPlans={!isPlanned} />
				</div>
				<WhatHappens />
			</div>
		</PartPage>
	);
}

function Choose({ wanted, hasPlans }: { wanted: string | null; hasPlans: boolean }) {
	const studio = useStudio();
	const { packs, plans } = offersOf(studio);
	const offers = hasPlans ? [...packs, ...plans] : packs;
	const [chosen, setChosen] = useState(() => offers.find(({ id }) => id === wanted)?.id ?? offers.at(0)?.id ?? '');
	// Without script the label cannot follow the choice, so it names no amount.
	const isLive = useHydrated();
	const offer = offers.find(({ id }) => id === chosen);
	const amount = offer === undefined ? '' : ` ${moneyWords(offer.cents, studio.pricing.currency)}`;
	const label = isLive ? `Pay${amount}${offer?.kind === 'plan' ? ' a month' : ''} at Stripe` : 'Pay at Stripe';
	return (
		<StripeForm
			action="/credits/till"
			className="buy"
			look="main"
			wide
			label={
				<>
					{label}
					<ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />
				</>
			}
		>
			<OfferChoice legend="Once" offers={packs} chosen={chosen} onChoose={setChosen} />
			{hasPlans && <OfferChoice legend="Each month" offers={plans} chosen={chosen} onChoose={setChosen} />}
			<p className="small muted">
				Before tax. Where tax applies, Stripe adds it and shows the whole amount before you pay.
			</p>
		</StripeForm>
	);
}

function WhatHappens() {
	const { pricing } = useStudio();
	return (
		<aside>
			<h2 className="h3">What happens</h2>
			<LifeLine
				marks={[
					{
						key: 'till',
						state: 'now',
						what: 'You pay at Stripe',
						when: 'the card is typed there, and stays there',
					},
					{ key: 'back', what: 'You come back here', when: 'the credits follow, usually within seconds' },
					{
						key: 'ends',
						what: `A pack is good for ${pricing.packMonths} months`,
						when: 'a plan’s credits end with their month',
					},
					{ key: 'invoice', what: 'The invoice is kept for you', when: 'under Card and invoices' },
				]}
			/>
		</aside>
	);
}

export function ErrorBoundary() {
	return <PartPageFailure title={TITLE} />;
}
