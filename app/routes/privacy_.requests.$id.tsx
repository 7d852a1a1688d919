import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation, useSubmit } from '@remix-run/react';
import { useEffect } from 'react';

import { RIGHTS_WORDS } from '../../studios/rights';
import { apiFor, refusalOf } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { Chip } from '../components/chip';
import { Document } from '../components/document';
import { Field } from '../components/field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { textOf, type Errors } from '../form';
import { tokenIn } from '../practice/invitation-cookie';
import { keptRequestToken, requestCookie } from '../privacy/request-cookie';
import { STATE_CHIPS } from '../privacy/request-words';
import { titled } from '../title';

export const meta = titled('Your request');

interface Failed {
	readonly errors: Errors<'link'>;
}

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const id = params['id'] ?? '';
	const token = keptRequestToken(request, id);
	if (token === null) return { shown: null, refused: null };
	const answer = await apiFor(context, request).v1.rights.requests.look.$post({ json: { id, token } });
	if (!answer.ok) return { shown: null, refused: (await refusalOf(answer)).message };
	return { shown: await answer.json(), refused: null };
}

/** The link, posted: it confirms the request, and from then on shows how it stands. */
export async function action({ request, context, params }: ActionFunctionArgs) {
	const id = params['id'] ?? '';
	const token = tokenIn(textOf(await request.formData(), 'link'));
	if (token === null) {
		const link = 'This is not the link of a request. Copy all of it from the mail, to its last letter.';
		return data<Failed>({ errors: { link } }, 400);
	}
	const answer = await apiFor(context, request).v1.rights.requests.confirm.$post({ json: { id, token } });
	if (!answer.ok) return data<Failed>({ errors: { form: (await refusalOf(answer)).message } }, answer.status);
	const headers = { 'set-cookie': requestCookie(id, token, request) };
	return redirect(`/privacy/requests/${id}`, { headers });
}

export default function RequestStatus() {
	const { shown, refused } = useLoaderData<typeof loader>();
	const errors = useActionData<typeof action>()?.errors;
	usePostedFragment();
	if (shown === null) return <PasteLink refused={errors?.form ?? refused} error={errors?.link} />;
	return <Standing shown={shown} />;
}

/** Takes the token out of the address as soon as the page runs, and posts it to this page. */
function usePostedFragment(): void {
	const submit = useSubmit();
	useEffect(() => {
		const token = tokenIn(location.hash);
		if (token === null) return;
		history.replaceState(history.state, '', location.pathname);
		submit({ link: token }, { method: 'post', action: location.pathname, replace: true });
	}, [submit]);
}

type Shown = NonNullable<Awaited<ReturnType<typeof loader>>['shown']>;

function Standing({ shown }: { shown: Shown }) {
	const { right, state, receivedAt, dueAt, extensionReason, answer, endedAt } = shown;
	const isOpen = state === 'open';
	return (
		<WayPage
			title="Your request"
			lead={RIGHTS_WORDS[right].ask}
			aside={
				<>
					<h2>How far it is</h2>
					<LifeLine
						marks={[
							{ key: 'came', what: 'It came', when: <Time at={receivedAt} />, state: 'done' },
							{ key: 'looked', what: 'A person looks at it', state: isOpen ? 'now' : 'done' },
							endedAt === null
								? { key: 'due', what: 'You have an answer', when: <>by {<Time at={dueAt} as="day" />}</> }
								: { key: 'done', what: STATE_CHIPS[state].word, when: <Time at={endedAt} />, state: 'done' },
						]}
					/>
				</>
			}
		>
			<div className="stack above">
				<p>
					<Chip state={STATE_CHIPS[state].chip}>{STATE_CHIPS[state].word}</Chip>
				</p>
				{extensionReason !== null && isOpen && (
					<Notice kind="soon" title="It takes longer than a month">
						{extensionReason}
					</Notice>
				)}
				{answer === null ? (
					<p className="soft">
						Nothing else is needed from you. The answer comes by mail by <Time at={dueAt} as="day" />, and stands here.
					</p>
				) : (
					<Document label="The answer">
						{answer.split(/\n+/).map((line, index) => (
							<p key={index}>{line}</p>
						))}
					</Document>
				)}
				{state === 'refused' && (
					<p className="soft">You may complain to the data protection authority where you live, and go to court.</p>
				)}
			</div>
		</WayPage>
	);
}

/** Without script nothing reads what stands behind the #, and a browser keeps it only for an hour: both paste the link. */
function PasteLink({ refused, error }: { refused: string | null | undefined; error: string | undefined }) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage title="Open your request" lead="Copy the link out of the mail and paste it here.">
			<Form method="post" noValidate={error !== undefined}>
				{refused != null && (
					<Notice
						kind="stop"
						title="This request is not open"
						actions={
							<ButtonLink to="/privacy/request" look="line">
								Send a new one
							</ButtonLink>
						}
					>
						{refused}
					</Notice>
				)}
				<Field
					label="Link of the request"
					name="link"
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
					required
					error={error}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Opening…">
					Open request
				</Button>
			</Form>
		</WayPage>
	);
}
