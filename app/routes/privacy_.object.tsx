import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useNavigation } from '@remix-run/react';

import { REQUEST_LIMITS } from '../../studios/rights';
import { apiFor, refusalOrAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { TextField } from '../components/field';
import { Notice } from '../components/notice';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { readMe } from '../settings/read-me';
import { titled } from '../title';

export const meta = titled('Object');

interface Failed {
	readonly errors: Errors<'words'>;
	readonly words: string;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { email } = await readMe(context, request);
	return { email };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const words = textOf(await request.formData(), 'words');
	const answer = await apiFor(context, request).v1.rights.objections.$post({ json: { words } });
	if (answer.ok) return redirect('/privacy?done=objected');
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['words']);
	return data<Failed>({ errors, words }, answer.status);
}

export default function ObjectPage() {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage
			title="Object to all of it"
			lead="Measuring, advertising, your name in error reports, and mail that you do not need: all of it is off at once."
		>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<TextField
					label="What else do you object to?"
					hint="You may leave this empty. A person looks at what else rests on our interest, such as the record of who changed what, and answers within a month."
					name="words"
					rows={4}
					maxLength={REQUEST_LIMITS.wordsMax}
					defaultValue={answer?.words}
					error={answer?.errors.words}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Objecting…">
					Object
				</Button>
			</Form>
			<p className="soft after">
				<Link to="/choices">Choose one by one instead</Link>
			</p>
		</WayPage>
	);
}
