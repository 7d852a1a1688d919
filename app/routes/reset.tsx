import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { z } from 'zod';

import { refusalOf } from '../api';
import { postAuth, redirectWithCookies } from '../auth';
import { mailCode } from '../auth/mail-code';
import { MailAnother, MailedLead, type MailedCode } from '../auth/mailed-code';
import { pendingCookie, pendingOf } from '../auth/pending';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { PasswordField } from '../components/password-field';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { titled } from '../title';

export const meta = titled('New password', { isPublic: true });

const Address = z.object({ email: z.string().trim().min(1, 'Type the e-mail address of your account.') });
const Change = z.object({
	code: z.string().transform(codeOf).pipe(z.string().min(1, 'Type the six digits of the mail.')),
	password: z.string().min(1, 'Type the new password.'),
});

interface Failed {
	readonly errors: Errors<'email' | 'code' | 'password'>;
	readonly email?: string;
}

export function loader({ request }: LoaderFunctionArgs) {
	// "Begin again" leads here with another address in mind.
	if (new URL(request.url).searchParams.has('again')) return { mailed: null };
	const pending = pendingOf(request, 'reset');
	if (pending === null) return { mailed: null };
	const { email, sentAtMs, minutes } = pending;
	return { mailed: { email, sentAtMs, minutes } };
}

const failed = (failure: Failed, status: number) => data<Failed>(failure, status);

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const pending = form.get('intent') === 'mail' ? null : pendingOf(request, 'reset');

	if (form.get('intent') === 'again' || pending === null) {
		const typed = Address.safeParse({ email: pending?.email ?? textOf(form, 'email') });
		if (!typed.success) return failed({ errors: errorsOfParse(typed.error) }, 400);
		const mailed = await mailCode(context, request, { step: 'reset', ...typed.data, next: '' }, '/reset');
		if (mailed.isMailed) return mailed.led;
		return failed({ errors: errorsOfRefusal(mailed.refusal, ['email']), ...typed.data }, 400);
	}
	const typed = Change.safeParse(Object.fromEntries(form));
	if (!typed.success) return failed({ errors: errorsOfParse(typed.error) }, 400);
	const body = { email: pending.email, ...typed.data };
	const answer = await postAuth(context, request, 'email-otp/reset-password', body);
	if (!answer.ok) {
		return failed({ errors: errorsOfRefusal(await refusalOf(answer), ['code', 'password']) }, answer.status);
	}
	return redirectWithCookies('/sign-in?done=reset', answer, pendingCookie(null, request));
}

export default function ResetPage() {
	const { mailed } = useLoaderData<typeof loader>();
	return mailed === null ? <AskForAddress /> : <AskForPassword mailed={mailed} />;
}

function AskForAddress() {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage title="A new password" lead="We mail a code to your address. With it you set a new password.">
			<Form method="post" action="/reset" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<Field
					label="E-mail"
					name="email"
					type="email"
					autoComplete="username"
					required
					defaultValue={answer?.email}
					error={answer?.errors.email}
				/>
				<Button look="main" big wide name="intent" value="mail" isPending={isPending} pendingLabel="Mailing…">
					Mail me a code
				</Button>
			</Form>
			<p className="soft after">
				Remembered it? <Link to="/sign-in">Sign in</Link>
			</p>
		</WayPage>
	);
}

function AskForPassword({ mailed }: { mailed: MailedCode }) {
	const answer = useActionData<typeof action>();
	const navigation = useNavigation();
	const isPending = navigation.formMethod === 'POST';
	const isAgain = navigation.formData?.get('intent') === 'again';
	return (
		<WayPage title="A new password" lead={<MailedLead {...mailed} />}>
			<Form method="post" action="/reset" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<CodeField label="Code" error={answer?.errors.code} isFirst />
				{/* So that a password manager knows whose new password it is. */}
				<input type="hidden" autoComplete="username" value={mailed.email} readOnly />
				<PasswordField isNew label="New password" error={answer?.errors.password} />
				<p className="small muted">This ends every session, on all devices.</p>
				<Button look="main" big wide isPending={isPending && !isAgain} pendingLabel="Changing…">
					Change password
				</Button>
			</Form>
			<MailAnother sentAtMs={mailed.sentAtMs} isPending={isPending && isAgain} />
			<p className="soft after">
				Another address? <Link to="/reset?again">Begin again</Link>
			</p>
		</WayPage>
	);
}
