import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { z } from 'zod';

import { refusalOf, type Refusal } from '../api';
import { postAuth } from '../auth';
import { afterSignIn } from '../auth/after-sign-in';
import { mailCode } from '../auth/mail-code';
import { offeredWays } from '../auth/offered-ways';
import { PasskeyButton } from '../auth/passkey-button';
import { ProviderButtons } from '../auth/provider-buttons';
import { ArrivalNotice } from '../auth/arrival-notice';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { PasswordField } from '../components/password-field';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { pathOr, withNext } from '../paths';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Sign in', { isPublic: true });

const email = z.string().trim().min(1, 'Type the e-mail address of your account.');
const ByPassword = z.object({ email, password: z.string().min(1, 'Type your password.') });
const ByCode = z.object({ email });

interface Failed {
	readonly errors: Errors<'email' | 'password'>;
	readonly email: string;
	/** Survives a second try without script, where the address has lost it. */
	readonly next: string;
}

export async function loader({ context, request }: LoaderFunctionArgs) {
	return { ways: await offeredWays(context, request) };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const next = pathOr('', form.get('next'));
	const failed = (errors: Failed['errors'], status: number) =>
		data<Failed>({ errors, email: textOf(form, 'email'), next }, status);

	if (form.get('intent') === 'code') {
		const typed = ByCode.safeParse(Object.fromEntries(form));
		if (!typed.success) return failed(errorsOfParse(typed.error), 400);
		const mailed = await mailCode(context, request, { step: 'sign-in', ...typed.data, next }, '/sign-in/code');
		return mailed.isMailed ? mailed.led : failed(errorsOfRefusal(mailed.refusal, ['email']), 400);
	}
	const typed = ByPassword.safeParse(Object.fromEntries(form));
	if (!typed.success) return failed(errorsOfParse(typed.error), 400);
	const answer = await postAuth(context, request, 'sign-in/email', typed.data);
	if (!answer.ok) return failed(errorsOf(await refusalOf(answer)), answer.status);
	return afterSignIn(context, answer, next);
}

/** A wrong pair is said at the password, where it is put right; the sentence does not tell which of the two is wrong. */
function errorsOf(refusal: Refusal): Failed['errors'] {
	if (refusal.details?.reason === 'wrong_credentials') return { password: refusal.message };
	return errorsOfRefusal(refusal, ['email', 'password']);
}

export default function SignInPage() {
	const { ways } = useLoaderData<typeof loader>();
	const studio = useStudio();
	const { session } = useShell();
	const [search] = useSearchParams();
	const next = useActionData<typeof action>()?.next ?? pathOr('', search.get('next'));
	return (
		<WayPage title="Good to see you" aside={<WhatHappens many={studio.work.many} />}>
			{session.signedIn && <AlreadyIn name={session.user.name} to={studio.work.path} />}
			<ArrivalNotice search={search} />
			<div className="ways">
				{ways.includes('passkey') && <PasskeyButton to={next === '' ? studio.work.path : next} />}
				<ProviderButtons ways={ways} next={next} />
			</div>
			{ways.length > 2 && <p className="or">or</p>}
			<PasswordForm hasCode={ways.includes('code')} hasPasskey={ways.includes('passkey')} next={next} />
			<p className="soft after">
				New here? <Link to={withNext('/sign-up', next)}>Create an account</Link>. Opening one, here or with another
				service, accepts <Link to="/policy">what we promise</Link>.
			</p>
		</WayPage>
	);
}

function PasswordForm({ hasCode, hasPasskey, next }: { hasCode: boolean; hasPasskey: boolean; next: string }) {
	const answer = useActionData<typeof action>();
	const navigation = useNavigation();
	const isSent = navigation.formAction?.startsWith('/sign-in') === true;
	const isCode = navigation.formData?.get('intent') === 'code';
	return (
		<Form method="post" action="/sign-in" noValidate={answer !== undefined}>
			<input type="hidden" name="next" value={next} />
			{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
			<Field
				label="E-mail"
				name="email"
				type="email"
				// The browser offers passkeys among the addresses when this asks for them.
				autoComplete={hasPasskey ? 'username webauthn' : 'username'}
				required
				defaultValue={answer?.email}
				error={answer?.errors.email}
			/>
			<PasswordField isNew={false} error={answer?.errors.password} aside={<Link to="/reset">Forgotten?</Link>} />
			<Button look="main" big wide isPending={isSent && !isCode} pendingLabel="Signing in…">
				Sign in
			</Button>
			{hasCode && (
				<Button
					look="quiet"
					wide
					name="intent"
					value="code"
					formNoValidate
					isPending={isSent && isCode}
					pendingLabel="Mailing…"
				>
					Mail me a code instead
				</Button>
			)}
		</Form>
	);
}

function AlreadyIn({ name, to }: { name: string; to: string }) {
	return (
		<Notice kind="plain" title={`${name} is signed in on this device`}>
			<Link to={to}>Go on</Link>, or sign in as someone else below.
		</Notice>
	);
}

function WhatHappens({ many }: { many: string }) {
	return (
		<>
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
						when: `${many}, credits, receipts`,
					},
					{ key: 'out', what: 'You sign out everywhere', when: 'in the settings, and every device is out at once' },
				]}
			/>
		</>
	);
}
