import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Trash2 } from 'lucide-react';

import { apiFor, refusalOrAway, turnedAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { requireSmileTool } from '../smile/require-smile-tool';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Erase a patient');

interface Failed {
	readonly refused: string;
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const query = { subjectId: params['id'] ?? '' };
	const answer = await apiFor(context, request).v1.consents.$get({ query });
	if (!answer.ok) throw await turnedAway(answer, request);
	const { subject, items } = await answer.json();
	return { reference: subject.reference, consents: items.length };
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	requireSmileTool(context);
	const id = params['id'] ?? '';
	const answer = await apiFor(context, request).v1.subjects[':id'].erasure.$post({ param: { id } });
	if (answer.ok) return redirect(`/erasures/${(await answer.json()).erasureId}`);
	return data<Failed>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
}

export default function ErasePatientPage() {
	const { reference, consents } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const { work, policy } = useStudio();
	return (
		<WayPage
			title={`Erase ${reference}?`}
			lead={`All of it is gone within ${policy.erasure.deadlineHours} hours, here and at our processors, with a receipt. Nobody can bring it back, and neither can we.`}
			aside={
				<>
					<h2>What goes</h2>
					<LifeLine
						marks={[
							{ key: 'photos', what: 'Every photo', when: 'and orders under way are stopped; their credits come back' },
							{ key: 'made', what: 'Every after picture and video', when: 'links to them stop working at once' },
							{
								key: 'consents',
								what: consents === 1 ? 'The consent' : `${consents} consents`,
								when: 'with who signed. Keep your own copy if you have to prove it later',
							},
							{ key: 'reference', what: `The reference ${reference}`, when: 'you can use it again afterwards' },
						]}
					/>
					<h2 className="below">What stays</h2>
					<LifeLine
						marks={[
							{ key: 'credits', state: 'done', what: 'Which credits were spent', when: 'without for whom' },
							{ key: 'receipts', state: 'done', what: 'The receipts', when: 'with random numbers, for good' },
						]}
					/>
				</>
			}
		>
			<Form method="post">
				{answer !== undefined && <Notice kind="stop" title={answer.refused} isAlert />}
				<Button look="end-it" big wide isPending={isPending} pendingLabel="Erasing…">
					<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />
					Erase {reference} and all that was made
				</Button>
				<ButtonLink to={work.path} look="quiet" wide>
					Keep it
				</ButtonLink>
			</Form>
		</WayPage>
	);
}
