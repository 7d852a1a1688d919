import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { apiFor, turnedAway } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Time } from '../components/time';
import { useShell, useStudio } from '../shell';
import { draftOf, freshDraft, orderOf, PURPOSES, type Missing } from '../smile/consent-draft';
import { ConsentForm } from '../smile/consent-form';
import { refusalHere } from '../smile/refusal-here';
import { requireSmileTool } from '../smile/require-smile-tool';
import { smileStyles } from '../smile/styles';
import { WizardSteps, wizardPaths } from '../smile/wizard-steps';
import { titled } from '../title';

export const meta = titled('Consent, new smile');
export const links = smileStyles;

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const search = new URL(request.url).searchParams;
	const subjectId = search.get('subject');
	if (subjectId === null) throw redirect(wizardPaths.patient);
	const answer = await apiFor(context, request).v1.consents.$get({ query: { subjectId } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const { subject, items } = await answer.json();
	const signed = items.find(({ state }) => state === 'active') ?? null;
	return {
		subjectId,
		reference: subject.reference,
		// A running consent is offered first; `sign=new` asks for another beside it.
		signed: search.get('sign') === 'new' ? null : signed,
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	requireSmileTool(context);
	const subjectId = new URL(request.url).searchParams.get('subject');
	if (subjectId === null) throw redirect(wizardPaths.patient);
	const draft = draftOf(await request.formData());
	const answer = await apiFor(context, request).v1.consents.$post({
		json: orderOf(draft, { subjectId, nowMs: Date.now() }),
	});
	if (!answer.ok) {
		const { message } = await refusalHere(answer, request);
		return data({ draft, missing: [], error: message }, answer.status);
	}
	const consent = await answer.json();
	if (consent.missing.length === 0) return redirect(wizardPaths.photo(consent.id));
	// The date is written when the name is, so one sentence asks for both.
	const isUnsigned = consent.missing.some(({ element }) => element === 'signerName');
	const missing = consent.missing.filter(({ element }) => !(isUnsigned && element === 'signedAt'));
	return data({ draft, missing, error: null }, 422);
}

export default function ConsentStep() {
	const { reference, signed, subjectId } = useLoaderData<typeof loader>();
	const back = (
		<ButtonLink to={wizardPaths.patient}>
			<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
			Back
		</ButtonLink>
	);
	const title = `Consent for ${reference}`;
	if (signed === null) return <SignPage title={title} back={back} />;
	return (
		<>
			<Page>
				<WizardSteps now="Consent" hrefs={{ Patient: wizardPaths.patient }} />
				<h1 className="wizard-title">{title}</h1>
				<div className="narrow stack-5">
					<Notice kind="kept" title="A signed consent is here">
						Signed <Time at={signed.createdAt} />
						{signed.expiresAt !== null && (
							<>
								, ends <Time at={signed.expiresAt} as="day" />
							</>
						)}
						. It allows: {purposeWords(signed.purposes)}.
					</Notice>
					<p>
						<Link to={`${wizardPaths.consent(subjectId)}&sign=new`}>Sign a new consent instead</Link>
					</p>
				</div>
			</Page>
			<ActionBar
				back={back}
				next={
					<ButtonLink look="main" to={wizardPaths.photo(signed.id)}>
						Photo
						<ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />
					</ButtonLink>
				}
			/>
		</>
	);
}

function SignPage({ title, back }: { title: string; back: ReactNode }) {
	const answer = useActionData<typeof action>();
	const { session, nowMs, zone } = useShell();
	const studio = useStudio();
	const isPending = useNavigation().formMethod === 'POST';
	const start =
		answer?.draft ??
		freshDraft({
			practice: session.signedIn ? (session.account?.name ?? '') : '',
			studio,
			nowMs,
			zone,
		});
	return (
		<>
			<Page>
				<WizardSteps now="Consent" hrefs={{ Patient: wizardPaths.patient }} />
				<h1 className="wizard-title">{title}</h1>
				<p className="lead">
					Read it to the patient, then have it signed. The photo step opens when nothing is missing.
				</p>
				<ConsentForm
					id="consent"
					start={start}
					missing={byElement(answer?.missing ?? [])}
					studio={studio}
					refusal={<WhyNot answer={answer} />}
				/>
			</Page>
			<ActionBar
				back={back}
				reason={<span className="hide-m">No photo can be sent before this is signed.</span>}
				next={
					<Button look="main" form="consent" isPending={isPending} pendingLabel="Signing…">
						Sign
						<ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />
					</Button>
				}
			/>
		</>
	);
}

/** What the last try was refused for. It takes the focus: the button that was pressed is a screen further down. */
function WhyNot({ answer }: { answer: ReturnType<typeof useActionData<typeof action>> }) {
	const place = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (answer !== undefined) place.current?.focus();
	}, [answer]);
	if (answer === undefined) return null;
	return (
		<div ref={place} tabIndex={-1} className="why-not">
			{answer.error === null ? (
				<Notice kind="stop" title="No photo can be sent before this is signed" isAlert>
					{answer.missing.length === 1 ? 'One thing is missing' : `${answer.missing.length} things are missing`}.
					Nothing you wrote is lost.
					<ul className="missing">
						{answer.missing.map(({ element, sentence }) => (
							<li key={element}>{sentence}</li>
						))}
					</ul>
				</Notice>
			) : (
				<Notice kind="stop" title="The consent was not taken" isAlert>
					{answer.error} Nothing you wrote is lost.
				</Notice>
			)}
		</div>
	);
}

function byElement(missing: readonly { element: string; sentence: string }[]): Missing {
	return Object.fromEntries(missing.map(({ element, sentence }) => [element, sentence]));
}

function purposeWords(purposes: readonly string[]): string {
	const labels = PURPOSES.filter(({ value }) => purposes.includes(value)).map(({ label }) => label.toLowerCase());
	return labels.join(', ');
}
