import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { z } from 'zod';

import type { ConsentAnswer } from '../../workers/api/contract';
import { jurisdictionOf, type Jurisdiction } from '../../studios/publish-rules';
import { apiFor, turnedAway } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { ConsentMark } from '../components/consent-mark';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Time } from '../components/time';
import type { Standing } from '../consent/marks';
import { useShell, useStudio } from '../shell';
import { consentAction } from '../smile/consent-action.server';
import { freshDraft, PURPOSES, type Missing } from '../smile/consent-draft';
import { ConsentForm } from '../smile/consent-form';
import { readWaiting } from '../smile/consent-link';
import { ConsentPhone } from '../smile/consent-phone';
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
	const { consents, account } = apiFor(context, request).v1;
	const [answer, place] = await Promise.all([consents.$get({ query: { subjectId } }), account.$get()]);
	if (!answer.ok) throw await turnedAway(answer, request);
	const { subject, items } = await answer.json();
	// A running consent is offered first; `sign=new` asks for another beside it.
	const isNew = search.get('sign') === 'new';
	const [newest] = items;
	const signed = items.find(({ state }) => state === 'active') ?? null;
	return {
		subjectId,
		reference: subject.reference,
		// Without the practice's word, the strictest place that the studio is sold in.
		jurisdiction: place.ok ? (await place.json()).jurisdiction : jurisdictionOf(context.studio, null).jurisdiction,
		waiting: isNew ? null : await readWaiting(context, request, newest),
		signed: isNew ? null : signed,
		standing: standingOf(signed ?? newest),
	};
}

/** Of the consent in force, else of the newest that ever was; a patient without one is just being asked. */
function standingOf(consent: z.infer<typeof ConsentAnswer> | undefined): Standing | undefined {
	if (consent === undefined || consent.state === 'draft') return undefined;
	const { id, state, endsSoon, narrowedAt, expiresAt } = consent;
	return { id, state, endsSoon, isNarrowed: narrowedAt !== null, expiresAt };
}

export async function action({ request, context }: ActionFunctionArgs) {
	requireSmileTool(context);
	const subjectId = new URL(request.url).searchParams.get('subject');
	if (subjectId === null) throw redirect(wizardPaths.patient);
	return consentAction({ request, context }, subjectId);
}

export default function ConsentStep() {
	const { reference, signed, standing, waiting, subjectId, jurisdiction } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const back = (
		<ButtonLink to={wizardPaths.patient}>
			<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
			Back
		</ButtonLink>
	);
	const title = `Consent for ${reference}`;
	if (waiting !== null) {
		return (
			<>
				<Page>
					<WizardSteps now="Consent" hrefs={{ Patient: wizardPaths.patient }} />
					<h1 className="wizard-title">{title}</h1>
					<ConsentPhone
						subjectId={subjectId}
						waiting={waiting}
						made={answer?.made ?? null}
						error={answer?.error ?? null}
					/>
				</Page>
				<ActionBar back={back} reason="The photo step opens when it is signed." next={null} />
			</>
		);
	}
	if (signed === null) return <SignPage {...{ title, back, subjectId, jurisdiction, standing }} />;
	return (
		<>
			<Page>
				<WizardSteps now="Consent" hrefs={{ Patient: wizardPaths.patient }} />
				<h1 className="wizard-title">{title}</h1>
				<div className="narrow stack-5">
					<Notice kind="kept" title="A signed consent is here">
						{signed.signedVia === 'link' ? `${SIGNERS[signed.signerRole ?? 'patient']} on their phone` : 'Signed'}{' '}
						<Time at={signed.createdAt} />
						{signed.expiresAt !== null && (
							<>
								, ends <Time at={signed.expiresAt} as="day" />
							</>
						)}
						. It allows: {purposeWords(signed.purposes)}.
					</Notice>
					<ConsentMark consent={standing} />
					<p>
						<Link className="tap" to={`/consents/${signed.id}`}>
							What was signed
						</Link>
					</p>
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

const SIGNERS = {
	patient: 'Signed by the patient',
	representative: 'Signed for the patient',
} as const;

interface SignPageProps {
	readonly title: string;
	readonly standing: Standing | undefined;
	readonly back: ReactNode;
	readonly subjectId: string;
	readonly jurisdiction: Jurisdiction;
}

function SignPage({ title, back, subjectId, jurisdiction, standing }: SignPageProps) {
	const answer = useActionData<typeof action>();
	const { session, nowMs, zone } = useShell();
	const studio = useStudio();
	const posted = useNavigation();
	const isPosting = posted.formMethod === 'POST';
	const isForPhone = posted.formData?.get('intent') === 'phone';
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
				<ConsentMark consent={standing} />
				<p className="lead">
					Read it to the patient and have it signed here, or on their own phone. The photo step opens when it is.
				</p>
				<ConsentForm
					id="consent"
					start={start}
					missing={byElement(answer?.missing ?? [])}
					studio={studio}
					jurisdiction={jurisdiction}
					refusal={<WhyNot answer={answer} />}
					onPhone={
						<div className="panel on-phone">
							<h2 className="h3">On the patient’s phone</h2>
							<p className="soft">They scan a code, read it, tick and sign there, and keep the link to end it.</p>
							{/* Without `sign=new`, so that the page waits for this consent. */}
							<Button
								look="line"
								name="intent"
								value="phone"
								formAction={wizardPaths.consent(subjectId)}
								isPending={isPosting && isForPhone}
								pendingLabel="Making the link…"
							>
								Have it signed on their phone
							</Button>
							<h2 className="h3">On paper</h2>
							<p className="soft">
								It is signed already: photograph it or choose its PDF, and compare it line by line.
							</p>
							<Button look="line" name="intent" value="paper" formAction={wizardPaths.newPaper(subjectId)}>
								It is signed on paper
							</Button>
						</div>
					}
				/>
			</Page>
			<ActionBar
				back={back}
				reason={<span className="hide-m">No photo can be sent before this is signed.</span>}
				next={
					<Button look="main" form="consent" isPending={isPosting && !isForPhone} pendingLabel="Signing…">
						Sign here
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
	// A link that was ended leaves nothing to say here: the form stands where it was.
	if (answer === undefined || (answer.error === null && answer.missing.length === 0)) return null;
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
