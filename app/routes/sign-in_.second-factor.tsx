import { data, type ActionFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useNavigation, useSearchParams } from '@remix-run/react';

import { refusalOf, type Refusal } from '../api';
import { postAuth } from '../auth';
import { afterSignIn } from '../auth/after-sign-in';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { pathOr, withNext } from '../paths';
import { titled } from '../title';

export const meta = titled('Second factor', { isPublic: true });

interface Failed {
	readonly errors: Errors<'code'>;
	readonly next: string;
	readonly isRecovery: boolean;
	/** The first half of the sign-in is over: no code can help any more. */
	readonly hasEnded: boolean;
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const next = pathOr('', form.get('next'));
	const isRecovery = form.get('with') === 'recovery';
	const failed = (errors: Failed['errors'], status: number, hasEnded = false) =>
		data<Failed>({ errors, next, isRecovery, hasEnded }, status);

	const code = codeOf(textOf(form, 'code'));
	if (code === '') {
		return failed({ code: isRecovery ? 'Type one of your recovery codes.' : 'Type the six digits of the app.' }, 400);
	}
	const path = isRecovery ? 'two-factor/verify-backup-code' : 'two-factor/verify-totp';
	const answer = await postAuth(context, request, path, { code });
	if (answer.ok) return afterSignIn(context, answer, next);
	const refusal = await refusalOf(answer);
	return failed(errorsOfRefusal(refusal, ['code']), answer.status, isOver(refusal));
}

function isOver({ code, details }: Refusal): boolean {
	return code === 'not_signed_in' || details?.reason === 'challenge_ended';
}

export default function SecondFactorPage() {
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	const isPending = useNavigation().formMethod === 'POST';
	const next = answer?.next ?? pathOr('', search.get('next'));
	const isRecovery = search.get('with') === 'recovery' || (answer?.isRecovery ?? false);
	if (answer?.hasEnded === true) return <Ended sentence={answer.errors.form ?? answer.errors.code} next={next} />;
	return (
		<WayPage
			title={isRecovery ? 'Use a recovery code' : 'One more step'}
			lead={
				isRecovery
					? 'Each of the ten codes works once. They were shown when you switched the second factor on.'
					: 'Open your authenticator app. It shows six digits for this studio.'
			}
		>
			<Form method="post" noValidate={answer !== undefined}>
				<input type="hidden" name="next" value={next} />
				{isRecovery && <input type="hidden" name="with" value="recovery" />}
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				{isRecovery ? (
					<Field
						label="Recovery code"
						name="code"
						autoComplete="off"
						autoCapitalize="none"
						spellCheck={false}
						required
						maxLength={40}
						error={answer?.errors.code}
					/>
				) : (
					<CodeField label="Code from the app" error={answer?.errors.code} isFirst />
				)}
				<Button look="main" big wide isPending={isPending} pendingLabel="Signing in…">
					Sign in
				</Button>
			</Form>
			<p className="soft after">
				{isRecovery ? (
					<Link to={withNext('/sign-in/second-factor', next)}>Use the authenticator app</Link>
				) : (
					<Link to={`/sign-in/second-factor?${new URLSearchParams({ with: 'recovery', ...(next && { next }) })}`}>
						Use a recovery code
					</Link>
				)}
			</p>
		</WayPage>
	);
}

function Ended({ sentence, next }: { sentence: string | undefined; next: string }) {
	return (
		<WayPage title="This sign-in has ended">
			<Notice kind="stop" title={sentence ?? 'It took too long, or it was begun in another browser.'} isAlert>
				<Link to={withNext('/sign-in', next)}>Begin again</Link>
			</Notice>
		</WayPage>
	);
}
