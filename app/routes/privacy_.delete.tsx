import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { Trash2 } from 'lucide-react';

import { apiFor, refusalOrAway, turnedAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { Choice } from '../components/choice';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { WhatGoes } from '../erasure/what-goes';
import { EVENT_HEADER, type SessionEvent } from '../measure/session-events';
import { textOf, type Errors } from '../form';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Delete your account');

interface Failed {
	readonly errors: Errors<'typed'>;
	readonly typed: string;
	readonly accountIds: readonly string[];
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.me.leaving.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	return answer.json();
}

/** Typed by hand: nobody deletes an account by pressing a button twice. */
export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const typed = textOf(form, 'typed');
	const accountIds = form.getAll('account').filter((id) => typeof id === 'string');
	const api = apiFor(context, request);
	const leaving = await api.v1.me.leaving.$get();
	if (!leaving.ok) throw await turnedAway(leaving, request);
	const { email } = await leaving.json();
	if (typed.toLowerCase() !== email.toLowerCase()) {
		return data<Failed>({ errors: { typed: `Type ${email}, the address of this account.` }, typed, accountIds }, 400);
	}
	const answer = await api.v1.account.$delete({ json: { accountIds } });
	if (!answer.ok) {
		const { message } = await refusalOrAway(answer, request);
		return data<Failed>({ errors: { form: message }, typed, accountIds }, answer.status);
	}
	const { erasureId } = await answer.json();
	return redirect(`/erasures/${erasureId}`, { headers: { [EVENT_HEADER]: 'account_deleted' satisfies SessionEvent } });
}

export default function DeletePage() {
	const { email, accounts, deadlineHours, kept } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const { tenancy, name } = useStudio();
	const shared = accounts.filter(({ otherMembers }) => otherMembers > 0);
	return (
		<WayPage
			title="Delete your account?"
			lead={`Everything of yours at ${name} is erased within ${deadlineHours} hours. Nobody can bring it back, and neither can we.`}
			aside={<WhatGoes accounts={accounts} kept={kept} />}
		>
			<p className="say-first">
				Do you want a copy first? <Link to="/privacy">Download everything</Link>, then come back here.
			</p>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				{shared.length > 0 && (
					<fieldset className="stack">
						<legend>
							Others work in what you own. <Link to="/practice/owner">Hand it over</Link>, or say that it goes for all
							of them:
						</legend>
						{shared.map(({ id, name: accountName, otherMembers }) => (
							<Choice
								key={id}
								type="checkbox"
								name="account"
								value={id}
								defaultChecked={answer?.accountIds.includes(id) ?? false}
							>
								Erase {accountName} too, with the work of {otherMembers} other{' '}
								{otherMembers === 1 ? 'member' : 'members'}
							</Choice>
						))}
					</fieldset>
				)}
				<Field
					label="Your e-mail address"
					name="typed"
					type="email"
					autoComplete="off"
					required
					hint={`Type ${email} to say that you mean it.`}
					defaultValue={answer?.typed ?? ''}
					error={answer?.errors.typed}
				/>
				<Button look="end-it" big wide isPending={isPending} pendingLabel="Deleting…">
					<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />
					{accounts.length === 0 ? 'Delete my account' : `Delete my account and ${ownWords(accounts, tenancy.word)}`}
				</Button>
				<ButtonLink to="/privacy" look="quiet" wide>
					Keep it
				</ButtonLink>
			</Form>
		</WayPage>
	);
}

/** Only what goes without being ticked is named in the label. */
function ownWords(accounts: readonly { otherMembers: number }[], word: string): string {
	const alone = accounts.filter(({ otherMembers }) => otherMembers === 0).length;
	if (alone === 0) return `what is ticked`;
	return alone === 1 ? `its ${word}` : `its ${alone} ${word}s`;
}
