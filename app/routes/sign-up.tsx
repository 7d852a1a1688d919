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
import { PASSWORD_LENGTH_MIN } from '../password-rule';
import { textOf } from '../form';
import { pathOr } from '../paths';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Create account', { isPublic: true });

const NAME_LENGTH_MAX = 120;

const SignUp = z.object({
	name: z
		.string()
		.trim()
		.min(1, 'Type a name. It stands in your account, nowhere else.')
		.max(NAME_LENGTH_MAX, `A name has ${NAME_LENGTH_MAX} characters at most.`),
	email: z.email('This is not an e-mail address. Type one such as name@example.com.'),
	password: z
		.string()
		.min(PASSWORD_LENGTH_MIN, `The password is too short. It needs ${PASSWORD_LENGTH_MIN} characters or more.`),
});

interface Failed {
	readonly errors: { readonly [Key in 'name' | 'email' | 'password' | 'form']?: string | undefined };
	readonly name: string;
	readonly email: string;
	/** Survives a second try without script, where the address has lost it. */
	readonly next: string;
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const failed = (errors: Failed['errors'], status: number) =>
		data<Failed>(
			{ errors, name: textOf(form, 'name'), email: textOf(form, 'email'), next: textOf(form, 'next') },
			status,
		);

	const typed = SignUp.safeParse(Object.fromEntries(form));
	if (!typed.success) {
		const { name, email, password } = z.flattenError(typed.error).fieldErrors;
		return failed({ name: name?.[0], email: email?.[0], password: password?.[0] }, 400);
	}
	const answer = await postAuth(context, request, 'sign-up/email', typed.data);
	if (!answer.ok) return failed(await authErrorsOf(answer), answer.status);
	return redirectWithCookies(pathOr(STUDIOS[context.studio].work.path, form.get('next')), answer);
}

export default function SignUpPage() {
	const studio = useStudio();
	const [search] = useSearchParams();
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formAction?.startsWith('/sign-up') === true;
	const next = answer?.next ?? search.get('next') ?? '';
	const hint = studio.slug === 'dental' ? 'Yours or the practice’s.' : 'As you want to be called.';
	return (
		<div className="wrap si">
			<div className="box">
				<h1>Create account</h1>
				<Form method="post" noValidate={answer !== undefined}>
					<input type="hidden" name="next" value={next} />
					{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
					<Field
						label="Name"
						hint={hint}
						name="name"
						autoComplete={studio.slug === 'dental' ? 'organization' : 'name'}
						required
						maxLength={NAME_LENGTH_MAX}
						defaultValue={answer?.name}
						error={answer?.errors.name}
					/>
					<Field
						label="E-mail"
						name="email"
						type="email"
						autoComplete="username"
						required
						defaultValue={answer?.email}
						error={answer?.errors.email}
					/>
					<PasswordField isNew error={answer?.errors.password} />
					<Button look="main" big wide isPending={isPending} pendingLabel="Creating…">
						Create account
					</Button>
				</Form>
				<p className="soft after">
					Been here before?{' '}
					<Link to={next === '' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`}>Sign in</Link>
				</p>
			</div>
			<aside className="why">
				<h2>What you get</h2>
				<LifeLine
					marks={[
						{
							key: 'credits',
							state: 'done',
							what: `${studio.welcomeCredits} credits`,
							when: 'once, without a card',
						},
						...studio.tools.slice(0, 1).map((tool) => ({
							key: tool.id,
							state: 'done' as const,
							what: `Enough for ${countOf(Math.floor(studio.welcomeCredits / tool.credits), studio.work)}`,
							when: `${tool.title}: ${tool.credits} credits`,
						})),
						{
							key: 'kept',
							what: 'We keep your name, e-mail and a hash of the password',
							when: 'nothing about this device',
						},
					]}
				/>
			</aside>
		</div>
	);
}

function countOf(count: number, work: { one: string; many: string }): string {
	return `${count} ${count === 1 ? work.one : work.many}`;
}
