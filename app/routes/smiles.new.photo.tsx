import { redirect, type LinksFunction, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData, useNavigate } from '@remix-run/react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';

import { retentionHours } from '../../studios/policy/policy';
import { apiFor, turnedAway } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { useStudio } from '../shell';
import { requireSmileTool } from '../smile/require-smile-tool';
import { smileStyles } from '../smile/styles';
import { WizardSteps, wizardPaths } from '../smile/wizard-steps';
import { titled } from '../title';
import { isRefused, type CheckState } from '../upload/check-on-device';
import { PhotoDesk } from '../upload/photo-desk';
import { uploadStyles } from '../upload/styles';
import { useCheck } from '../upload/use-check';
import { usePhoto, type PhotoStage } from '../upload/use-photo';

export const meta = titled('Photo, new smile');
export const links: LinksFunction = () => [...smileStyles(), ...uploadStyles()];

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const id = new URL(request.url).searchParams.get('consent');
	if (id === null) throw redirect(wizardPaths.patient);
	const answer = await apiFor(context, request).v1.consents[':id'].$get({ param: { id } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const { subjectId, subjectReference, state } = await answer.json();
	return { consentId: id, subjectId, subjectReference, state };
}

const CLOSED = {
	draft: 'The consent is not complete',
	expired: 'The consent has ended',
	revoked: 'The patient has revoked the consent',
} as const;

export default function PhotoStep() {
	const { consentId, subjectId, subjectReference, state } = useLoaderData<typeof loader>();
	const navigate = useNavigate();
	const onSent = useCallback((uploadId: string) => navigate(wizardPaths.shade(uploadId)), [navigate]);
	const { stage, pick, pickSample, send } = usePhoto(consentId, onSent);
	const { checked, warm } = useCheck('photo' in stage ? stage.photo.blob : null);
	const { policy } = useStudio();
	const consentPath = wizardPaths.consent(subjectId);
	return (
		<>
			<Page>
				<WizardSteps now="Photo" hrefs={{ Patient: wizardPaths.patient, Consent: consentPath }} />
				<h1 className="wizard-title">A photo of {subjectReference}</h1>
				<p className="lead">
					It is turned and stripped of its metadata here, on this device, and deleted {retentionHours(policy, 'source')}{' '}
					hours after the video is ready.
				</p>
				<noscript>
					<Notice kind="soon" title="This step needs JavaScript">
						The photo is prepared on your device before it leaves, and that is done in script. Switch it on, or send the
						photo through the API.
					</Notice>
				</noscript>
				{state === 'active' ? (
					<PhotoDesk
						stage={stage}
						checked={checked}
						onPick={(photo) => void pick(photo)}
						onSample={() => void pickSample()}
						onNear={warm}
						wayOut={(refusal) => wayOut(refusal, { consentId, consentPath })}
					/>
				) : (
					<Notice kind="stop" title={CLOSED[state]} actions={<ButtonLink to={consentPath}>To the consent</ButtonLink>}>
						No photo can be sent under it. Have the patient sign a new one; everything else stays as it is.
					</Notice>
				)}
			</Page>
			<ActionBar
				back={
					<ButtonLink to={consentPath}>
						<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
						Back
					</ButtonLink>
				}
				reason={whyNot(stage, checked)}
				next={<SendButton stage={stage} checked={checked} onSend={(shown) => void send(shown)} />}
			/>
		</>
	);
}

type Shown = Extract<PhotoStage, { photo: unknown }>;

/** Why nothing can be sent yet. */
function whyNot(stage: PhotoStage, checked: CheckState): string | null {
	if (!('photo' in stage)) return 'Choose a photo first.';
	return isRefused(checked) ? 'Choose another photo first.' : null;
}

interface SendButtonProps {
	readonly stage: PhotoStage;
	readonly checked: CheckState;
	readonly onSend: (shown: Shown) => void;
}

function SendButton({ stage, checked, onSend }: SendButtonProps) {
	const couldBeBetter = checked.at === 'checked' && checked.check.verdict === 'usable';
	const label = (
		<>
			{stage.at === 'turned_back' ? 'Send again' : couldBeBetter ? 'Use it anyway' : 'Send photo'}
			<ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />
		</>
	);
	if (whyNot(stage, checked) !== null || !('photo' in stage)) {
		return (
			<Button type="button" look="main" aria-disabled>
				{label}
			</Button>
		);
	}
	return (
		<Button
			type="button"
			look="main"
			isPending={stage.at === 'sending' || checked.at === 'checking'}
			pendingLabel={stage.at === 'sending' ? 'Sending…' : 'Checking…'}
			onClick={() => onSend(stage)}
		>
			{label}
		</Button>
	);
}

function wayOut(
	refusal: { isSignedOut: boolean; needsConsent: boolean },
	{ consentId, consentPath }: { consentId: string; consentPath: string },
): ReactNode {
	if (refusal.isSignedOut) {
		const next = encodeURIComponent(wizardPaths.photo(consentId));
		return <ButtonLink to={`/sign-in?next=${next}`}>Sign in</ButtonLink>;
	}
	return refusal.needsConsent ? <ButtonLink to={consentPath}>To the consent</ButtonLink> : undefined;
}
