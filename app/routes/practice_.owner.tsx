import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';

import { apiFor, refusalOrAway, turnedAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { SelectField } from '../components/field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { ReasonField } from '../practice/reason-field';
import { requireTeam } from '../practice/require-team';
import { practiceStyles } from '../practice/styles';
import { ReasonForm } from '../practice/team-form';
import { roleWords } from '../roles';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Hand over');
export const links = practiceStyles;

interface Failed {
	readonly errors: Errors<'userId' | 'reason'>;
	readonly typed: { readonly userId: string; readonly reason: string };
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireTeam(context);
	const answer = await apiFor(context, request).v1.members.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const { items } = await answer.json();
	const others = items.filter(({ isYou }) => !isYou);
	const isOwner = items.some(({ isYou, role }) => isYou && role === 'owner');
	if (!isOwner || others.length === 0) throw redirect('/practice/team');
	return { others };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const typed = { userId: textOf(form, 'userId'), reason: textOf(form, 'reason') };
	const parsed = ReasonForm.safeParse(typed);
	if (typed.userId === '') return data<Failed>({ errors: { userId: 'Choose who becomes the owner.' }, typed }, 400);
	if (!parsed.success) return data<Failed>({ errors: errorsOfParse(parsed.error), typed }, 400);
	const order = { userId: typed.userId, reason: parsed.data.reason };
	const answer = await apiFor(context, request).v1.account.transfer.$post({ json: order });
	if (answer.ok) return redirect('/practice/team?done=owner');
	const errors = errorsOfRefusal(await refusalOrAway(answer, withChoice(request, typed.userId)), ['userId', 'reason']);
	return data<Failed>({ errors, typed }, answer.status);
}

/** Whoever is led away to show that it is them comes back to the same choice. */
function withChoice(request: Request, userId: string): Request {
	const url = new URL(request.url);
	url.searchParams.set('to', userId);
	return new Request(url, { headers: request.headers });
}

export default function HandOverPage() {
	const { others } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	const { session } = useShell();
	const { tenancy } = useStudio();
	const isPending = useNavigation().formMethod === 'POST';
	const name = session.signedIn ? (session.account?.name ?? '') : '';
	return (
		<WayPage
			title={`Hand ${name} over?`}
			lead="There is exactly one owner. You show once more that it is you before this is done."
			aside={<WhatChanges word={tenancy.word} />}
		>
			<Form method="post" action="/practice/owner" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<SelectField
					label="New owner"
					name="userId"
					required
					defaultValue={answer?.typed.userId ?? search.get('to') ?? ''}
					error={answer?.errors.userId}
				>
					<option value="">Choose a member</option>
					{others.map((member) => (
						<option key={member.id} value={member.id}>
							{member.name}, {roleWords(member.role).toLowerCase()}
						</option>
					))}
				</SelectField>
				<ReasonField reason={answer?.typed.reason} error={answer?.errors.reason} />
				<Button look="end-it" big wide isPending={isPending} pendingLabel="Handing over…">
					Hand the {tenancy.word} over
				</Button>
				<ButtonLink to="/practice/team" look="quiet" wide>
					Stay the owner
				</ButtonLink>
			</Form>
		</WayPage>
	);
}

function WhatChanges({ word }: { word: string }) {
	return (
		<>
			<h2>What changes</h2>
			<LifeLine
				marks={[
					{
						key: 'work',
						state: 'done',
						what: 'You stay, as a clinician',
						when: `you work on in the ${word}, and the API keys you made keep working`,
					},
					{
						key: 'people',
						what: 'People, profile and record are theirs',
						when: 'they may change your role, or remove you',
					},
					{ key: 'back', what: 'Only they can hand it back', when: 'both of you get a mail about it' },
				]}
			/>
		</>
	);
}
