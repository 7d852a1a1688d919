import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { apiFor, refusalOrAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { PasswordField } from '../components/password-field';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { PASSWORD_LENGTH_MIN, PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR } from '../password-rule';
import { readMe } from '../settings/read-me';
import { titled } from '../title';

export const meta = titled('Password');

interface Failed {
	readonly errors: Errors<'next'>;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { hasPassword, email, secondFactor } = await readMe(context, request);
	return { hasPassword, email, hasSecondFactor: secondFactor.isOn };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const next = textOf(form, 'next');
	if (next === '') return data<Failed>({ errors: { next: 'Type the new password.' } }, 400);
	const answer = await apiFor(context, request).v1.me.password.$put({ json: { next } });
	if (answer.ok) return redirect('/settings/security?done=password');
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['next']);
	return data<Failed>({ errors }, answer.status);
}

export default function PasswordPage() {
	const { hasPassword, email, hasSecondFactor } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage
			title={hasPassword ? 'Change password' : 'Set a password'}
			lead="Every other session ends with it. This device stays signed in."
		>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				{/* So that a password manager knows whose new password it is. */}
				<input type="hidden" autoComplete="username" value={email} readOnly />
				<PasswordField
					isNew
					label="New password"
					name="next"
					min={hasSecondFactor ? PASSWORD_LENGTH_MIN_WITH_SECOND_FACTOR : PASSWORD_LENGTH_MIN}
					error={answer?.errors.next}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Saving…">
					{hasPassword ? 'Change password' : 'Set password'}
				</Button>
			</Form>
			<p className="soft after">
				<Link to="/settings/security">Back to Security</Link>
			</p>
		</WayPage>
	);
}
