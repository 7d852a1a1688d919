import type { ActionFunctionArgs } from '@remix-run/cloudflare';
import { data, Form, Link, useActionData, useNavigation, useSearchParams } from '@remix-run/react';
import { z } from 'zod';

import { STUDIOS } from '../../studios/all';
import { authErrorsOf, postAuth, redirectWithCookies } from '../auth';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { PasswordField } from '../components/password-field';
import { textOf } from '../form';
import { pathOr } from '../paths';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Sign in', { isPublic: true });

const SignIn = z.object({
	email: z.string().trim().min(1, 'Type the e-mail address of your account.'),
	password: z.string().min(1, 'Type your password.'),
});

interface Failed {
	readonly errors: { readonly [Key in 'email' | 'password' | 'form']?: string | undefined };
	readonly email: string;
	/** Survives a second try without script, where the address has lost it. */
	readonly next: string;
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const failed = (errors: Failed['errors'], status: number) =>
		data<Failed>({ errors, email: textOf(form, 'email'), next: textOf(form, 'next') }, status);

	const typed = SignIn.safeParse(Object.fromEntries(form));
	if (!typed.success) {
		const fields = z.flattenError(typed.error).fieldErrors;
		return failed({ email: fields.email?.[0], password: fields.password?.[0] }, 400);
	}
	const answer = await postAuth(context, request, 'sign-in/email', typed.data);
	if (!answer.ok) return failed(await authErrorsOf(answer), answer.status);
	return redirectWithCookies(pathOr(STUDIOS[context.studio].work.path, form.get('next')), answer);
}

export default function SignInPage() {
	const studio = useStudio();
	const { session } = useShell();
	const [search] = useSearchParams();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formAction?.startsWith('/sign-in') === true;
	const next = answer?.next ?? search.get('next') ?? '';
	return (
		<div className="wrap si">
			<div className="box">
				<h1>Good to see you</h1>
				{session.signedIn && <AlreadyIn name={session.user.name} to={studio.work.path} />}
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
					<PasswordField isNew={false} error={answer?.errors.password} />
					<Button look="main" big wide isPending={isPending} pendingLabel="Signing in…">
						Sign in
					</Button>
				</Form>
				<p className="soft after">
					New here?{' '}
					<Link to={next === '' ? '/sign-up' : `/sign-up?next=${encodeURIComponent(next)}`}>Create an account</Link>
				</p>
			</div>
			<aside className="why">
				<h2>What happens when you sign in</h2>
				<LifeLine
					marks={[
						{
							key: 'session',
							state: 'done',
							what: 'A session on this device',
							when: 'ends after 14 days, or when you say so',
						},
						{
							key: 'work',
							state: 'done',
							what: 'Everything you did is still here',
							when: `${studio.work.many}, credits, receipts`,
						},
						{ key: 'out', what: 'You sign out everywhere', when: 'in the settings, and every device is out at once' },
					]}
				/>
			</aside>
		</div>
	);
}

function AlreadyIn({ name, to }: { name: string; to: string }) {
	return (
		<Notice kind="plain" title={`${name} is signed in on this device`}>
			<Link to={to}>Go on</Link>, or sign in as someone else below.
		</Notice>
	);
}
