import {
	data,
	redirect,
	type ActionFunctionArgs,
	type LinksFunction,
	type LoaderFunctionArgs,
} from '@remix-run/cloudflare';
import { Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { apiFor, turnedAway } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { PaperChecklist } from '../paper/paper-checklist';
import { emptyPaper, paperOf, recordOf, wrongOf } from '../paper/paper-draft';
import { PaperPicker } from '../paper/paper-picker';
import { PaperView } from '../paper/paper-view';
import { paperStyles } from '../paper/styles';
import { usePaper } from '../paper/use-paper';
import { useShell } from '../shell';
import { refusalHere } from '../smile/refusal-here';
import { requireSmileTool } from '../smile/require-smile-tool';
import { smileStyles } from '../smile/styles';
import { WizardSteps, wizardPaths } from '../smile/wizard-steps';
import { titled } from '../title';

export const meta = titled('Consent on paper, new smile');
export const links: LinksFunction = () => [...smileStyles(), ...paperStyles()];

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const search = new URL(request.url).searchParams;
	const id = search.get('consent');
	const subject = search.get('subject');
	if (id === null) throw redirect(subject === null ? wizardPaths.patient : wizardPaths.consent(subject));
	const one = apiFor(context, request).v1.consents[':id'];
	const [answer, seen] = await Promise.all([one.$get({ param: { id } }), one.paper.$get({ param: { id } })]);
	if (!answer.ok) throw await turnedAway(answer, request);
	if (!seen.ok) throw await turnedAway(seen, request);
	const { state, subjectId, subjectReference, missing } = await answer.json();
	if (state === 'active') throw redirect(wizardPaths.photo(id));
	if (state !== 'draft') throw redirect(wizardPaths.consent(subjectId));
	return { consentId: id, subjectId, subjectReference, missing, paper: (await seen.json()).paper };
}

export async function action({ request, context }: ActionFunctionArgs) {
	requireSmileTool(context);
	const search = new URL(request.url).searchParams;
	const id = search.get('consent');
	if (id === null) return begin({ request, context }, search.get('subject'));
	const draft = paperOf(await request.formData());
	const answer = await apiFor(context, request).v1.consents[':id'].complete.$post({
		param: { id },
		json: recordOf(draft),
	});
	if (answer.ok) return redirect(wizardPaths.photo(id));
	const { message, details } = await refusalHere(answer, request);
	const refusal = { message, fields: details?.fields ?? [], isUnseen: details?.reason === 'not_seen' };
	return data({ draft, refusal }, answer.status);
}

/** A draft that waits for its paper: one that has a paper already, else a new one. */
async function begin({ request, context }: Pick<ActionFunctionArgs, 'request' | 'context'>, subjectId: string | null) {
	if (subjectId === null) throw redirect(wizardPaths.patient);
	const { consents } = apiFor(context, request).v1;
	const known = await consents.$get({ query: { subjectId } });
	if (!known.ok) throw await turnedAway(known, request);
	const { items } = await known.json();
	const begun = items.find(({ state, hasPaper }) => state === 'draft' && hasPaper);
	if (begun !== undefined) return redirect(wizardPaths.paper(begun.id));
	const answer = await consents.$post({ json: { subjectId } });
	if (!answer.ok) throw await turnedAway(answer, request);
	return redirect(wizardPaths.paper((await answer.json()).id));
}

export default function PaperStep() {
	const { consentId, subjectId, subjectReference, missing, paper } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { session } = useShell();
	const { stage, pick } = usePaper(consentId);
	const isPending = useNavigation().formMethod === 'POST';
	const start = answer?.draft ?? emptyPaper(session.signedIn ? (session.account?.name ?? '') : '');
	const consentPath = wizardPaths.consent(subjectId);
	return (
		<>
			<Page>
				<WizardSteps now="Consent" hrefs={{ Patient: wizardPaths.patient }} />
				<h1 className="wizard-title">The paper that {subjectReference} signed</h1>
				<p className="lead">
					It is kept as long as the consent. Only your practice sees it, and the record says who did.
				</p>
				<noscript>
					<Notice kind="soon" title="Sending the paper needs JavaScript">
						Switch it on, or send the paper through the API. The list works without it.
					</Notice>
				</noscript>
				<WhyNot refusal={answer?.refusal} />
				<div className="paper-desk" data-shown={paper !== null}>
					<div className="paper-side">
						{paper !== null && <PaperView consentId={consentId} paper={paper} />}
						<PaperPicker stage={stage} onPick={(file) => void pick(file)} hasPaper={paper !== null} />
					</div>
					{paper !== null && (
						<div className="paper-list">
							<h2>Compare it with this list</h2>
							<p className="soft">
								If something is missing on the paper, have the patient add and initial it, then replace the paper. Or{' '}
								<Link to={`${consentPath}&sign=new`}>have it signed anew</Link> here or on their phone.
							</p>
							<PaperChecklist
								id="record"
								start={start}
								wrong={answer === undefined ? {} : wrongOf(answer.refusal, missing)}
							/>
						</div>
					)}
				</div>
			</Page>
			<ActionBar
				back={
					<ButtonLink to={consentPath}>
						<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
						Back
					</ButtonLink>
				}
				reason={paper === null ? 'Send the paper first.' : null}
				next={
					paper !== null && (
						<Button look="main" form="record" isPending={isPending} pendingLabel="Recording…">
							Record this consent
							<ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />
						</Button>
					)
				}
			/>
		</>
	);
}

/** What the last try was refused for. It takes the focus: the button that was pressed is at the end of the page. */
function WhyNot({
	refusal,
}: {
	refusal: { message: string; fields: readonly string[]; isUnseen: boolean } | undefined;
}) {
	const place = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (refusal !== undefined) place.current?.focus();
	}, [refusal]);
	if (refusal === undefined) return null;
	return (
		<div ref={place} tabIndex={-1} className="why-not paper-refusal">
			<Notice kind="stop" title="The consent was not recorded" isAlert>
				{refusal.fields.length > 1
					? `${refusal.fields.length} elements are missing or not ticked. Each is marked in the list.`
					: refusal.message}{' '}
				Nothing you wrote is lost.
			</Notice>
		</div>
	);
}
