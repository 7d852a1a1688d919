import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData, useSearchParams } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { Notice } from '../components/notice';
import { CardSection } from '../credits/card-section';
import { pauseAfter } from '../credits/checkout-view';
import { MemberUsageSection } from '../credits/member-usage';
import { PartPage, PartPageFailure } from '../credits/part-page';
import { PlanSection } from '../credits/plan-section';
import { PurchaseSection } from '../credits/purchase-section';
import { stripeRefusalWords } from '../credits/stripe-refusal';
import { creditsStyles } from '../credits/styles';
import { useStudio } from '../shell';
import { titled } from '../title';
import { useWatch } from '../use-watch';

const TITLE = 'Card and invoices';
const PURCHASES_A_PAGE = '20';
const USAGE_DAYS = '30';

export const meta = titled(TITLE);
export const links = creditsStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { v1 } = apiFor(context, request);
	const cursor = new URL(request.url).searchParams.get('cursor');
	const [billing, purchases, usage] = await Promise.all([
		v1.billing.$get(),
		v1.billing.purchases.$get({ query: { limit: PURCHASES_A_PAGE, ...(cursor === null ? {} : { cursor }) } }),
		v1.credits.usage.members.$get({ query: { days: USAGE_DAYS } }),
	]);
	if (!billing.ok) throw await turnedAway(billing, request);
	if (!purchases.ok) throw await turnedAway(purchases, request);
	return {
		billing: await billing.json(),
		...(await purchases.json()),
		isFirstPage: cursor === null,
		// What people spent may be missing without the rest being wrong.
		members: usage.ok ? (await usage.json()).items : null,
	};
}

export default function BillingPage() {
	const { billing, items, nextCursor, isFirstPage, members } = useLoaderData<typeof loader>();
	const [search] = useSearchParams();
	const { tenancy } = useStudio();
	const refused = stripeRefusalWords(search.get('refused'), 'portal');
	return (
		<PartPage title={TITLE}>
			{search.has('back') && refused === null && <BackFromStripe />}
			{refused !== null && (
				<Notice kind="stop" title="Nothing was changed" isAlert>
					{refused}
				</Notice>
			)}
			{isFirstPage && (
				<>
					<PlanSection billing={billing} />
					<CardSection billing={billing} />
				</>
			)}
			<PurchaseSection purchases={items} nextCursor={nextCursor} isFirstPage={isFirstPage} />
			{isFirstPage && tenancy.membersMax > 1 && <MemberUsageSection members={members} />}
		</PartPage>
	);
}

const LOOKS_MAX = 8;

/** What was changed at Stripe is told by Stripe, a moment after somebody is back here. */
function BackFromStripe() {
	const looks = useWatch(true, pauseAfter, LOOKS_MAX);
	if (looks >= LOOKS_MAX) return null;
	return (
		<p className="soft gap">
			What you changed at Stripe shows here by itself, usually within seconds.
			<noscript>
				{' '}
				<a href="/credits/billing?back=1">Look again</a>
			</noscript>
		</p>
	);
}

export function ErrorBoundary() {
	return <PartPageFailure title={TITLE} />;
}
