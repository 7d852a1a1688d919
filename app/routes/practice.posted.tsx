import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data } from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';

import { apiFor, turnedAway } from '../api';
import { EmptyState } from '../components/empty-state';
import { Notice } from '../components/notice';
import { Toast } from '../components/toast';
import { PartFailure } from '../practice/part-failure';
import type { Posting } from '../share/answers';
import { PostingRow } from '../share/posting-row';
import { sharingAction } from '../share/sharing-action';
import { shareStyles } from '../share/styles';
import { titled } from '../title';

export const meta = titled('Copies posted elsewhere');
export const links = shareStyles;
export const ErrorBoundary = PartFailure;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.postings.$get({ query: {} });
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

export async function action({ request, context }: ActionFunctionArgs) {
	const answered = await sharingAction(context, request, await request.formData());
	if (answered !== null) return answered;
	return data({ done: null, refusal: 'This button is not known here. Load the page again.' }, 400);
}

/** Everything that was posted and noted, of all patients: first what has to go. */
export default function PostedCopies() {
	const { items } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const due = items.filter(({ dueAt }) => dueAt !== null);
	const others = items.filter(({ dueAt }) => dueAt === null);
	return (
		<section className="part">
			<h2>Copies posted elsewhere</h2>
			{answer?.refusal != null && <Notice kind="stop" title={answer.refusal} isAlert />}
			{items.length === 0 && (
				<EmptyState title="None is noted" hasGhosts={false}>
					When you post a video or a picture, note where on the page of the smile. When the consent ends, it is listed
					here until somebody has seen that it is gone.
				</EmptyState>
			)}
			{due.length > 0 && (
				<>
					<h3>{dueWords(due)}</h3>
					<Rows postings={due} />
				</>
			)}
			{due.length > 0 && others.length > 0 && <h3>The others</h3>}
			{others.length > 0 && <Rows postings={others} />}
			{answer?.done != null && <Toast key={answer.done}>{answer.done}</Toast>}
		</section>
	);
}

function Rows({ postings }: { postings: readonly Posting[] }) {
	return (
		<ul className="copies">
			{postings.map((posting) => (
				<PostingRow key={posting.id} posting={posting} withSmile />
			))}
		</ul>
	);
}

function dueWords({ length }: readonly Posting[]): string {
	return length === 1 ? '1 copy has to go' : `${length} copies have to go`;
}
