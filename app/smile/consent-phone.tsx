import { Form, Link, useNavigation } from '@remix-run/react';
import { useState } from 'react';

import { Button } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { CopyField } from '../components/copy-field';
import { LifeLine, type LifeMark } from '../components/life-line';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { QrCode } from '../settings/qr.server';
import { useWatch } from '../use-watch';
import type { Waiting } from './consent-link';
import { wizardPaths } from './wizard-steps';

/** A link as it was just made; it is answered once, so a page that was loaded again has none. */
export interface MadeLink {
	readonly id: string;
	readonly url: string;
	readonly qr: QrCode;
}

interface ConsentPhoneProps {
	readonly subjectId: string;
	readonly waiting: Waiting;
	readonly made: MadeLink | null;
	readonly error: string | null;
}

const LOOKS_FAST = 150;
const FAST_MS = 2_000;
const SLOW_MS = 10_000;
/** Half an hour; whoever waits longer loads the page again. */
const LOOKS_MAX = 300;

/** The consent waits for the patient's own phone: a code to scan, the link in words, and how far it is. */
export function ConsentPhone({ subjectId, waiting, made, error }: ConsentPhoneProps) {
	useWatch(true, (looks) => (looks < LOOKS_FAST ? FAST_MS : SLOW_MS), LOOKS_MAX);
	const { link } = waiting;
	// What the form was answered with is gone with the first look at how far it is, and nobody can say the link again.
	const [kept, setKept] = useState(made);
	if (made !== null && made.id !== kept?.id) setKept(made);
	const shown = made ?? kept;
	return (
		<div className="phone-sign">
			{error !== null && (
				<Notice kind="stop" title="That was not done" isAlert>
					{error}
				</Notice>
			)}
			{shown === null || shown.id !== link.id ? (
				<NewLink waiting={waiting} />
			) : (
				<div className="panel scan">
					{/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- A drawing in the page has no address of its own. */}
					<svg viewBox={`0 0 ${shown.qr.size} ${shown.qr.size}`} role="img" aria-label="QR code of the patient’s link">
						<rect width={shown.qr.size} height={shown.qr.size} fill="#fff" />
						<path d={shown.qr.path} fill="#000" shapeRendering="crispEdges" />
					</svg>
					<div className="stack">
						<h2>The patient scans this</h2>
						<p className="soft">
							With the camera of their own phone. They read it, may allow less than you asked, and sign there. The link
							stays theirs: with it they see what is made, and end it.
						</p>
						<CopyField id="patient-link" label="Or send them the link" value={shown.url} />
						<p className="small muted">
							Shown this once. It can be signed until <Time at={link.expiresAt} />.
						</p>
					</div>
				</div>
			)}
			<section aria-live="polite">
				<h2 className="h3">Where it is</h2>
				<LifeLine marks={marksOf(waiting)} />
			</section>
			<div className="row">
				<ConfirmForm
					fields={{ intent: 'end', link: link.id }}
					label="End this link"
					pendingLabel="Ending…"
					question="End this link?"
					consequence="The code and the link stop working at once. Nothing is signed, and you can make another."
					keepLabel="Keep the link"
				/>
				<Link to={`${wizardPaths.consent(subjectId)}&sign=new`} className="btn quiet">
					Sign here instead
				</Link>
			</div>
		</div>
	);
}

/** After the page was loaded again: the link goes on working, and nobody can show it twice. */
function NewLink({ waiting: { consentId } }: { waiting: Waiting }) {
	const isPending = useNavigation().formData?.get('intent') === 'link';
	return (
		<Notice kind="plain" title="The link was shown once">
			It still works for whoever has it. If the patient does not, make another one.
			<Form method="post" className="row">
				<input type="hidden" name="intent" value="link" />
				<input type="hidden" name="consent" value={consentId} />
				<Button look="line" isPending={isPending} pendingLabel="Making…">
					Make another link
				</Button>
			</Form>
		</Notice>
	);
}

function marksOf({ link }: Waiting): LifeMark[] {
	const isOpened = link.openedAt !== null;
	return [
		{ key: 'made', what: 'Link made', when: <Time at={link.createdAt} />, state: 'done' },
		link.openedAt === null
			? { key: 'opened', what: 'Waiting for the phone', state: 'now' }
			: { key: 'opened', what: 'Opened on the phone', when: <Time at={link.openedAt} />, state: 'done' },
		{ key: 'signed', what: isOpened ? 'Being read, not signed yet' : 'Signed', state: isOpened ? 'now' : undefined },
	];
}
