import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { apiFor, refusalOrAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Notice } from '../components/notice';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { readMail } from '../settings/read-mail';
import { titled } from '../title';

export const meta = titled('Show that mail arrives');

interface Answered {
	readonly errors: Errors<'code'>;
	/** Once a code was mailed: how long it holds. */
	readonly minutes: number | null;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { email, problem } = await readMail(context, request);
	if (problem !== 'bounced') throw redirect('/settings/mail');
	return { email };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const { 'address-code': address } = apiFor(context, request).v1.me.mail;
	if (!form.has('code')) {
		const answer = await address.$post();
		if (answer.ok) return data<Answered>({ errors: {}, minutes: (await answer.json()).minutes });
		const { message } = await refusalOrAway(answer, request);
		return data<Answered>({ errors: { form: message }, minutes: null }, answer.status);
	}
	const minutes = Number(textOf(form, 'minutes')) || null;
	const code = codeOf(textOf(form, 'code'));
	if (code === '') return data<Answered>({ errors: { code: 'Type the six digits of the mail.' }, minutes }, 400);
	const answer = await address.confirm.$post({ json: { code } });
	if (answer.ok) return redirect('/settings/mail?done=arrives');
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['code']);
	return data<Answered>({ errors, minutes }, answer.status);
}

export default function MailArrives() {
	const { email } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const address = <b className="address">{email}</b>;
	if (answer === undefined || answer.minutes === null) {
		return (
			<WayPage
				title="Show that mail arrives"
				lead={<>We mail a code to {address}. It is the one mail that goes there before you type it.</>}
			>
				<Form method="post">
					{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
					<Button look="main" big wide isPending={isPending} pendingLabel="Mailing…">
						Mail a code
					</Button>
				</Form>
				<WaysOut />
			</WayPage>
		);
	}
	return (
		<WayPage
			title="Look into your mail"
			lead={
				<>
					The code that went to {address} holds for {answer.minutes} minutes.
				</>
			}
		>
			<Form method="post" noValidate>
				<input type="hidden" name="minutes" value={answer.minutes} />
				{answer.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<CodeField label="Code" error={answer.errors.code} isFirst />
				<Button look="main" big wide isPending={isPending} pendingLabel="Checking…">
					Send mail here again
				</Button>
			</Form>
			<WaysOut />
		</WayPage>
	);
}

function WaysOut() {
	return (
		<p className="soft after">
			Nothing there? <Link to="/settings/email">Change the address</Link>, or <Link to="/settings/mail">go back</Link>.
		</p>
	);
}
