import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { apiFor, refusalOrAway } from '../api';
import { redirectWithCookies } from '../auth';
import { LostAccount } from '../auth/lost-account';
import { offeredWays } from '../auth/offered-ways';
import { ProofByPasskey } from '../auth/proof-by-passkey';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Notice } from '../components/notice';
import { PasswordField } from '../components/password-field';
import { Time } from '../components/time';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { pathOr } from '../paths';
import { readMe } from '../settings/read-me';
import { titled } from '../title';

export const meta = titled('Show that it is you');

/** How somebody shows it: what the form asks for. */
type Means = 'password' | 'code' | 'totp';

interface Answered {
	readonly errors: Errors<Means>;
	readonly next: string;
	/** A code was mailed; until when it holds. */
	readonly until?: string;
}

const MINUTE_MS = 60_000;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const [me, offered] = await Promise.all([readMe(context, request), offeredWays(context, request)]);
	return {
		email: me.email,
		hasPassword: me.hasPassword,
		hasSecondFactor: me.secondFactor.isOn,
		hasPasskey: offered.includes('passkey') && me.passkeys.length > 0,
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const next = pathOr('', form.get('next'));
	const { proof } = apiFor(context, request).v1.me;

	if (form.get('intent') === 'mail') {
		const mailed = await proof.code.$post();
		if (!mailed.ok)
			return data<Answered>({ errors: errorsOfRefusal(await refusalOrAway(mailed, request), []), next }, mailed.status);
		const { minutes } = await mailed.json();
		return data<Answered>({ errors: {}, next, until: new Date(Date.now() + minutes * MINUTE_MS).toISOString() });
	}
	const means = meansOf(form);
	const typed = textOf(form, means);
	const until = textOf(form, 'until');
	const failed = (errors: Answered['errors'], status: number) =>
		data<Answered>({ errors, next, ...(until === '' ? {} : { until }) }, status);
	if (typed === '')
		return failed({ [means]: means === 'password' ? 'Type your password.' : 'Type the six digits.' }, 400);
	const answer = await proof.$post({ json: jsonOf(means, typed) });
	// The session goes on under another token.
	if (answer.ok) return redirectWithCookies(pathOr(STUDIOS[context.studio].work.path, next), answer);
	const refusal = await refusalOrAway(answer, request);
	return failed(
		refusal.code === 'invalid_input' ? { [means]: refusal.message } : { form: refusal.message },
		answer.status,
	);
}

function meansOf(form: FormData): Means {
	if (form.has('totp')) return 'totp';
	return form.has('code') ? 'code' : 'password';
}

function jsonOf(means: Means, typed: string) {
	switch (means) {
		case 'password':
			return { password: typed };
		case 'code':
			return { code: codeOf(typed) };
		case 'totp':
			return { totp: codeOf(typed) };
	}
}

export default function ProvePage() {
	const { email, hasPassword, hasSecondFactor, hasPasskey } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	const next = answer?.next ?? pathOr('', search.get('next'));
	const until = answer?.until;
	return (
		<WayPage
			title="Show that it is you"
			lead="This step could lock you out if somebody else took it. What you show counts for ten minutes."
		>
			<LostAccount />
			{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
			{hasPasskey && (
				<>
					<ProofByPasskey next={next} />
					<p className="or">or</p>
				</>
			)}
			{hasSecondFactor && <TotpForm next={next} />}
			{!hasSecondFactor && until !== undefined && <CodeForm next={next} email={email} until={until} />}
			{!hasSecondFactor && until === undefined && hasPassword && <PasswordForm next={next} />}
			{!hasSecondFactor && until === undefined && <MailForm next={next} isOnly={!hasPassword} />}
			<p className="soft after">
				Afterwards you are back where you were. What you pressed there has to be pressed again.
				{next !== '' && (
					<>
						{' '}
						<Link to={next}>Go back without it</Link>
					</>
				)}
			</p>
		</WayPage>
	);
}

function useIsPending(name: string): boolean {
	return useNavigation().formData?.has(name) === true;
}

function PasswordForm({ next }: { next: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useIsPending('password');
	return (
		<Form method="post" noValidate={answer !== undefined}>
			<input type="hidden" name="next" value={next} />
			<PasswordField isNew={false} error={answer?.errors.password} />
			<Button look="main" big wide isPending={isPending} pendingLabel="Checking…">
				Go on
			</Button>
		</Form>
	);
}

function MailForm({ next, isOnly }: { next: string; isOnly: boolean }) {
	const isPending = useNavigation().formData?.get('intent') === 'mail';
	return (
		<Form method="post">
			<input type="hidden" name="next" value={next} />
			<Button
				look={isOnly ? 'main' : 'quiet'}
				big={isOnly}
				wide
				name="intent"
				value="mail"
				isPending={isPending}
				pendingLabel="Mailing…"
			>
				{isOnly ? 'Mail me a code' : 'Mail me a code instead'}
			</Button>
		</Form>
	);
}

function CodeForm({ next, email, until }: { next: string; email: string; until: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useIsPending('code');
	return (
		<>
			<Form method="post" noValidate={answer?.errors.code !== undefined}>
				<input type="hidden" name="next" value={next} />
				<input type="hidden" name="until" value={until} />
				<CodeField
					label="Code"
					hint={
						<>
							Mailed to <span className="address">{email}</span>, holds until <Time at={until} />.
						</>
					}
					error={answer?.errors.code}
					isFirst
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Checking…">
					Go on
				</Button>
			</Form>
			<Form method="post" className="another">
				<input type="hidden" name="next" value={next} />
				<Button look="quiet" name="intent" value="mail">
					Mail another code
				</Button>
			</Form>
		</>
	);
}

function TotpForm({ next }: { next: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useIsPending('totp');
	return (
		<Form method="post" noValidate={answer !== undefined}>
			<input type="hidden" name="next" value={next} />
			<CodeField label="Code from the authenticator app" name="totp" error={answer?.errors.totp} isFirst />
			<Button look="main" big wide isPending={isPending} pendingLabel="Checking…">
				Go on
			</Button>
		</Form>
	);
}
