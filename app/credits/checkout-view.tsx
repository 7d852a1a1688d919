import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';

import { whatCreditsBuy } from '../../studios/pricing';
import { ButtonLink } from '../components/button';
import { Page } from '../components/page';
import { useShell, useStudio } from '../shell';
import { useWatch } from '../use-watch';
import type { Checkout } from './answers';
import { moneyWords } from './money-words';
import { countWords } from '../count-words';

const FIRST_PAUSE_MS = 1_000;
const SLOWER = 1.4;
const LAST_PAUSE_MS = 15_000;
/** After so many looks, about ten seconds, it takes longer than it should, and the page says so. */
const LOOKS_USUAL = 6;

/** Waiting with a breath that grows: at first each second, later four times a minute. */
export function pauseAfter(looks: number): number {
	return Math.min(FIRST_PAUSE_MS * SLOWER ** looks, LAST_PAUSE_MS);
}

interface CheckoutViewProps {
	readonly id: string;
	/** `null` while the api is silent. */
	readonly checkout: Checkout | null;
	/** Whether what was paid for has come. */
	readonly isHere: boolean;
}

/** After the till: what has become of the payment, looked at again until that is settled. */
export function CheckoutView({ id, checkout, isHere }: CheckoutViewProps) {
	const isOver =
		checkout?.state === 'failed' || checkout?.state === 'expired' || checkout?.isUnderReview === true || isHere;
	const looks = useWatch(!isOver, pauseAfter);
	const lookAgain = (
		<noscript>
			<a className="btn line fill" href={`/credits/bought/${encodeURIComponent(id)}`}>
				Look again
			</a>
		</noscript>
	);
	return (
		<Page>
			<div className="bought" aria-live="polite">
				{checkout !== null && isHere ? (
					<Paid checkout={checkout} />
				) : (
					<Unpaid {...faceOf(checkout, looks)} again={lookAgain} />
				)}
			</div>
		</Page>
	);
}

function Paid({ checkout: { credits, item } }: { checkout: Checkout }) {
	const studio = useStudio();
	const { session } = useShell();
	const free = session.signedIn ? session.credits.available : credits;
	const makes = whatCreditsBuy(studio, free);
	const plan = studio.pricing.plans.find(({ id }) => id === item);
	return (
		<>
			<h1>{plan === undefined ? 'Paid' : `Paid, and the ${plan.name} plan runs`}</h1>
			<div className="bigfig">
				<span className="n">+{countWords(credits)}</span>
				<p className="soft">
					credits came. {free} are free to use now{makes !== null && `, enough for ${makes}`}.
				</p>
			</div>
			<div className="row">
				<ButtonLink to={studio.slug === 'dental' ? `${studio.work.path}/new` : studio.work.path} look="main" fill>
					New {studio.work.one}
				</ButtonLink>
				<ButtonLink to="/credits" look="line" fill>
					Your credits
				</ButtonLink>
			</div>
			<p className="small muted">
				The invoice is under <Link to="/credits/billing">Card and invoices</Link>.
			</p>
		</>
	);
}

interface Face {
	readonly title: string;
	readonly sentence: string;
	readonly isWaiting: boolean;
	readonly mayBuyAgain: boolean;
}

function Unpaid({ title, sentence, isWaiting, mayBuyAgain, again }: Face & { again: ReactNode }) {
	return (
		<>
			<h1>{title}</h1>
			{isWaiting && (
				<div className="meter" aria-hidden="true">
					<i className="held" />
				</div>
			)}
			<p className="lead">{sentence}</p>
			<div className="row">
				{mayBuyAgain && (
					<ButtonLink to="/credits/buy" look="main" fill>
						Choose again
					</ButtonLink>
				)}
				{isWaiting && again}
				<ButtonLink to="/credits" look="line" fill>
					Your credits
				</ButtonLink>
			</div>
		</>
	);
}

/** What the page says of a payment whose credits are not here, after so many looks. */
export function faceOf(checkout: Checkout | null, looks: number): Face {
	const waiting = { isWaiting: true, mayBuyAgain: false };
	const over = { isWaiting: false, mayBuyAgain: true };
	if (checkout === null || checkout.state === 'open') {
		return { ...waiting, title: 'Waiting for Stripe', sentence: looks < LOOKS_USUAL ? SOON : LATE };
	}
	const { credits, cents, currency, state } = checkout;
	if (checkout.isUnderReview) {
		return {
			isWaiting: false,
			mayBuyAgain: false,
			title: 'Your payment arrived',
			sentence: 'Something about it does not fit. Somebody looks at it; you need do nothing.',
		};
	}
	switch (state) {
		case 'paying':
			return {
				...waiting,
				title: 'This payment takes time',
				sentence: `Your bank confirms it in some days. The ${countWords(credits)} credits come by themselves then; you may close this page.`,
			};
		case 'paid':
			return {
				...waiting,
				title: 'Paid',
				sentence: `The ${countWords(credits)} credits of this month come in a moment, by themselves.`,
			};
		case 'failed':
			return {
				...over,
				title: 'The payment did not go through',
				sentence: `${moneyWords(cents, currency)} before tax was asked for, and the bank said no. Nothing was paid and no credits came. Try another card, or ask the bank.`,
			};
		case 'expired':
			return {
				...over,
				title: 'Nothing was paid',
				sentence: 'The till was left before paying, and is closed. No credits came.',
			};
	}
}

const SOON = 'Stripe tells us in a moment whether it was paid. The credits appear here by themselves.';
const LATE = 'It takes longer than usual. If you paid, the credits come by themselves; you may close this page.';
