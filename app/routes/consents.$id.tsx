import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { CircleX } from 'lucide-react';

import { apiFor, turnedAway } from '../api';
import { Chip, type ChipState } from '../components/chip';
import { ConfirmForm } from '../components/confirm-form';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Time } from '../components/time';
import { Toast } from '../components/toast';
import { AllowLess } from '../consent/allow-less';
import { consentAction } from '../consent/consent-action';
import { type Consent, revocationWords, whatGoes } from '../consent/consent-words';
import { PatientLinks } from '../consent/patient-links';
import { SignedFacts } from '../consent/signed-facts';
import { useMay } from '../may';
import { shareStyles } from '../share/styles';
import { wizardPaths } from '../smile/wizard-steps';
import { smileStyles } from '../smile/styles';
import { titled } from '../title';

export const meta = titled('A consent');
export const links: LinksFunction = () => [...smileStyles(), ...shareStyles()];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const api = apiFor(context, request).v1.consents[':id'];
	const param = { id: params['id'] ?? '' };
	const [answer, ways] = await Promise.all([api.$get({ param }), api.links.$get({ param })]);
	if (!answer.ok) throw await turnedAway(answer, request);
	if (!ways.ok) throw await turnedAway(ways, request);
	return { consent: await answer.json(), ways: (await ways.json()).items };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	return consentAction(context, request, params['id'] ?? '');
}

/** One consent, for the practice: what was signed, what it allows now, and the ways to less and to none. */
export default function ConsentPage() {
	const { consent, ways } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	return (
		<Page width="narrow">
			<header className="consent-head">
				<h1>Consent of {consent.subjectReference}</h1>
				<StateChip consent={consent} />
			</header>
			{answer?.refusal != null && (
				<Notice kind="stop" title="Nothing was changed" isAlert>
					{answer.refusal}
				</Notice>
			)}
			<Standing consent={consent} />
			<SignedFacts consent={consent} />
			<AllowLess consent={consent} error={answer?.narrowError ?? undefined} />
			<PatientLinks links={ways} made={answer?.link ?? null} canMake={consent.state !== 'revoked'} />
			<Revoke consent={consent} />
			{answer?.done != null && (
				<Toast
					key={`${answer.done} ${answer.receiptId}`}
					action={answer.receiptId === null ? undefined : <Link to={`/receipts/${answer.receiptId}`}>Receipt</Link>}
				>
					{answer.done}
				</Toast>
			)}
		</Page>
	);
}

const STATES: Readonly<Record<Consent['state'], { chip: ChipState; word: string }>> = {
	draft: { chip: 'soon', word: 'Not signed yet' },
	active: { chip: 'kept', word: 'In force' },
	expired: { chip: 'stop', word: 'Has ended' },
	revoked: { chip: 'stop', word: 'Revoked' },
};

function StateChip({ consent: { state } }: { consent: Consent }) {
	return <Chip state={STATES[state].chip}>{STATES[state].word}</Chip>;
}

/** What is to do about it, where something is. */
function Standing({ consent }: { consent: Consent }) {
	const { state, endsSoon, expiresAt, revokedAt, narrowedAt, subjectId } = consent;
	const again = (
		<Link className="btn line" to={`${wizardPaths.consent(subjectId)}&sign=new`}>
			Sign a new consent
		</Link>
	);
	return (
		<>
			{state === 'active' && endsSoon && expiresAt !== null && (
				<Notice kind="soon" title="This consent ends soon" actions={again}>
					It ends <Time at={expiresAt} as="on-day" />. From then on nothing that rests on it is shared, and posted
					copies have to go.
				</Notice>
			)}
			{state === 'expired' && expiresAt !== null && (
				<Notice kind="stop" title="This consent has ended" actions={again}>
					It ended <Time at={expiresAt} as="on-day" />. Nothing that rests on it is shared any more.
				</Notice>
			)}
			{state === 'draft' && (
				<Notice kind="soon" title="This consent is not signed yet" actions={again}>
					No photo can be sent under it.
				</Notice>
			)}
			{state === 'revoked' && revokedAt !== null && (
				<Notice kind="stop" title="This consent was revoked">
					<Time at={revokedAt} />. What rested on it is deleted, or about to be.
				</Notice>
			)}
			{narrowedAt !== null && state === 'active' && (
				<Notice kind="plain" title="It allows less than was signed">
					Since <Time at={narrowedAt} />.
				</Notice>
			)}
		</>
	);
}

/** The outline at the end of the page; the question names everything that goes. */
function Revoke({ consent }: { consent: Consent }) {
	const mayWrite = useMay('consents:write');
	if (!mayWrite || consent.state === 'revoked') return null;
	const goes = whatGoes(consent.rests);
	return (
		<section className="part">
			<h2>End it</h2>
			<p className="soft">{revocationWords(consent)}</p>
			<ConfirmForm
				fields={{ intent: 'revoke' }}
				icon={<CircleX size={18} strokeWidth={1.75} aria-hidden="true" />}
				label={goes === '' ? 'Revoke the consent' : `Revoke the consent and delete ${goes}`}
				pendingLabel="Revoking…"
				question={`Revoke the consent of ${consent.subjectReference}?`}
				consequence={revocationWords(consent)}
				keepLabel="Keep the consent"
			/>
		</section>
	);
}
