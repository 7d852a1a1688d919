import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';

import { BROWSER_PURPOSES, PURPOSE_WORDS, type BrowserPurpose } from '../../studios/policy/trackers';
import { STUDIOS } from '../../studios/all';
import { apiFor, refusalOrAway, turnedAway } from '../api';
import { redirectWithCookies } from '../auth';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Segment } from '../components/segment';
import { answeredIn, REGIME_WORDS } from '../measure/answered-in';
import { pathOr } from '../paths';
import { useShell } from '../shell';
import { STILL } from '../still';
import { titled } from '../title';

export const handle = STILL;
export const meta = titled('Choices', { isPublic: true });

/** One thing that can be allowed: who would see it, and what holds now. */
interface Offered {
	readonly purpose: BrowserPurpose;
	readonly who: readonly { readonly name: string; readonly what: string }[];
	readonly isAllowed: boolean;
	/** The browser's signal decides, and there is nothing to choose. */
	readonly isBySignal: boolean;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.choices.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { regime, hasGpc, choices, trackers: decided, reportsErrors } = await answer.json();
	const { trackers: config, studio } = context;
	const isOn = (id: string) =>
		id === 'sentry' ? reportsErrors : id === 'meta' || id === 'clarity' || id === 'umami' ? config[id] !== null : false;
	const listed = STUDIOS[studio].policy.trackers.filter(({ id }) => isOn(id));
	const offered = BROWSER_PURPOSES.flatMap((purpose): Offered[] => {
		const who = listed.filter((tracker) => tracker.purpose === purpose);
		if (who.length === 0) return [];
		const isAllowed =
			purpose === 'error_reports'
				? choices.error_reports === 'granted'
				: who.some(({ id }) => decided.some((tracker) => tracker.id === id && tracker.isAllowed));
		const named = who.map(({ name, what }) => ({ name, what }));
		return [{ purpose, who: named, isAllowed, isBySignal: hasGpc && purpose === 'advertising' }];
	});
	const url = new URL(request.url);
	return { regime, hasGpc, offered, isDone: url.searchParams.get('done') === 'kept' };
}

/** Takes the banner's answer to everything at once, and this page's to one thing after another. */
export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const order = answeredIn(form);
	if (order === null) return redirectWithCookies('/choices');
	const answer = await apiFor(context, request).v1.choices.$post({ json: order });
	if (!answer.ok) {
		const refusal = await refusalOrAway(answer, request);
		throw new Response(refusal.message, { status: answer.status >= 500 ? 503 : answer.status });
	}
	const fallback = order.surface === 'banner' ? '/' : '/choices?done=kept';
	return redirectWithCookies(pathOr(fallback, form.get('next')), answer);
}

export default function Choices() {
	const { regime, hasGpc, offered, isDone } = useLoaderData<typeof loader>();
	return (
		<Page width="narrow">
			<div className="choices">
				<div>
					<h1>Choices</h1>
					<p className="lead">What may be measured, and who sees it. Everything works without.</p>
				</div>
				{isDone && (
					<Notice kind="kept" title="Kept">
						It holds from the next page on. The cookies of what you refused are removed.
					</Notice>
				)}
				{hasGpc && (
					<Notice kind="kept" title="Your browser asks not to share: honoured">
						It sends Global Privacy Control. Nothing is measured unless you allow it below, and advertising stays off
						while it is sent.
					</Notice>
				)}
				{offered.length === 0 ? <NothingMeasures /> : <ChoicesForm offered={offered} />}
				<p className="small muted">
					{REGIME_WORDS[regime]} What pages keep in your browser, and for how long,{' '}
					<a href="/policy">the policy says</a>.
				</p>
			</div>
		</Page>
	);
}

function NothingMeasures() {
	return <p>Nothing is measured here. There is no advertising, and nobody is told which pages you open.</p>;
}

function ChoicesForm({ offered }: { offered: readonly Offered[] }) {
	const { session } = useShell();
	// A number in error reports is there for whoever is signed in.
	const shown = offered.filter(({ purpose }) => purpose !== 'error_reports' || session.signedIn);
	const isAnyOpen = shown.some(({ isBySignal }) => !isBySignal);
	return (
		<form method="post" action="/choices" className="part">
			{shown.map((one) => (
				<Purpose key={one.purpose} {...one} />
			))}
			{isAnyOpen && (
				<div className="row">
					<Button look="main" fill>
						Keep these choices
					</Button>
				</div>
			)}
		</form>
	);
}

function Purpose({ purpose, who, isAllowed, isBySignal }: Offered) {
	const { title, what } = PURPOSE_WORDS[purpose];
	return (
		<div className="purpose">
			<div className="what">
				<h2 className="h3">{title}</h2>
				<p>{what}</p>
				{who.map(({ name, what: seen }) => (
					<p key={name} className="small soft">
						{name}: {seen}
					</p>
				))}
			</div>
			{isBySignal ? (
				<p className="small">Off: your browser asks not to share.</p>
			) : (
				<Segment
					name={purpose}
					legend={title}
					defaultValue={isAllowed ? 'granted' : 'denied'}
					options={[
						{ value: 'denied', label: 'No' },
						{ value: 'granted', label: 'Yes' },
					]}
				/>
			)}
		</div>
	);
}
