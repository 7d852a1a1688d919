import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { z } from 'zod';

import { refusalOf } from '../api';
import { postAuth } from '../auth';
import { afterSignIn } from '../auth/after-sign-in';
import { mailCode } from '../auth/mail-code';
import { MailAnother, MailedLead, type MailedCode } from '../auth/mailed-code';
import { pendingCookie, pendingOf } from '../auth/pending';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { pathOr, withNext } from '../paths';
import { titled } from '../title';

export const meta = titled('Sign in with a code', { isPublic: true });

const Address = z.object({ email: z.string().trim().min(1, 'Type the e-mail address of your account.') });

interface Failed {
	readonly errors: Errors<'email' | 'code'>;
	readonly email?: string;
}

export function loader({ request }: LoaderFunctionArgs) {
	const pending = pendingOf(request, 'sign-in');
	if (pending === null) return { mailed: null, next: '' };
	const { email, sentAtMs, minutes, next } = pending;
	return { mailed: { email, sentAtMs, minutes }, next };
}

const failed = (failure: Failed, status: number) => data<Failed>(failure, status);

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const pending = pendingOf(request, 'sign-in');

	if (form.get('intent') === 'mail' || form.get('intent') === 'again' || pending === null) {
		const typed = Address.safeParse({ email: pending?.email ?? textOf(form, 'email') });
		if (!typed.success) return failed({ errors: errorsOfParse(typed.error) }, 400);
		const next = pending?.next ?? pathOr('', form.get('next'));
		const mailed = await mailCode(context, request, { step: 'sign-in', ...typed.data, next }, '/sign-in/code');
		if (mailed.isMailed) return mailed.led;
		return failed({ errors: errorsOfRefusal(mailed.refusal, ['email']), ...typed.data }, 400);
	}
	const code = codeOf(textOf(form, 'code'));
	if (code === '') return failed({ errors: { code: 'Type the six digits of the mail.' } }, 400);
	const answer = await postAuth(context, request, 'sign-in/email-otp', { email: pending.email, code });
	if (!answer.ok) return failed({ errors: errorsOfRefusal(await refusalOf(answer), ['code']) }, answer.status);
	return afterSignIn(context, answer, pending.next, pendingCookie(null, request));
}

export default function SignInCodePage() {
	const { mailed, next } = useLoaderData<typeof loader>();
	const [search] = useSearchParams();
	return mailed === null ? (
		<AskForAddress next={pathOr('', search.get('next'))} />
	) : (
		<AskForCode mailed={mailed} next={next} />
	);
}

function AskForAddress({ next }: { next: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage title="Sign in with a code" lead="We mail you six digits that hold for ten minutes.">
			<Form method="post" noValidate={answer !== undefined}>
				<input type="hidden" name="next" value={next} />
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
				<Link to={withNext('/sign-in', next)}>Other ways to sign in</Link>
			</p>
		</WayPage>
	);
}

function AskForCode({ mailed, next }: { mailed: MailedCode; next: string }) {
	const answer = useActionData<typeof action>();
	const navigation = useNavigation();
	const isPending = navigation.formMethod === 'POST';
	const isAgain = navigation.formData?.get('intent') === 'again';
	return (
		<WayPage title="Look into your mail" lead={<MailedLead {...mailed} />}>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<CodeField label="Code" error={answer?.errors.code} isFirst />
				<Button look="main" big wide isPending={isPending && !isAgain} pendingLabel="Signing in…">
					Sign in
				</Button>
			</Form>
			<MailAnother sentAtMs={mailed.sentAtMs} isPending={isPending && isAgain} />
			<p className="soft after">
				Another address, or another way? <Link to={withNext('/sign-in', next)}>Begin again</Link>
			</p>
		</WayPage>
	);
}
