import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { apiFor, refusalOf } from '../api';
import { asAfter, postAuth, redirectWithCookies } from '../auth';
import { mailCode } from '../auth/mail-code';
import { MailAnother, MailedLead } from '../auth/mailed-code';
import { openedPath } from '../auth/opened';
import { pendingCookie, pendingOf, type Pending } from '../auth/pending';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Notice } from '../components/notice';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';
import { pathOr, withNext } from '../paths';
import { titled } from '../title';

export const meta = titled('Confirm your address', { isPublic: true });

interface Failed {
	readonly errors: Errors<'code'>;
}

export function loader({ request }: LoaderFunctionArgs) {
	const pending = pendingOf(request, 'sign-up');
	if (pending === null) throw redirect('/sign-up');
	const { email, sentAtMs, minutes, next } = pending;
	return { mailed: { email, sentAtMs, minutes }, next };
}

const failed = (errors: Failed['errors'], status: number) => data<Failed>({ errors }, status);

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const pending = pendingOf(request, 'sign-up');
	if (pending === null) return redirect('/sign-up');

	if (form.get('intent') === 'again') {
		const mailed = await mailCode(context, request, { ...pending, step: 'sign-up' }, '/sign-up/code');
		return mailed.isMailed ? mailed.led : failed({ form: mailed.refusal.message }, 400);
	}
	const code = codeOf(textOf(form, 'code'));
	if (code === '') return failed({ code: 'Type the six digits of the mail.' }, 400);
	const answer = await postAuth(context, request, 'email-otp/verify-email', { email: pending.email, code });
	if (answer.ok) return openFor(context, request, answer, pending);
	const refusal = await refusalOf(answer);
	if (refusal.details?.reason === 'already_signed_up') {
		return redirectWithCookies('/sign-in?done=taken', answer, pendingCookie(null, request));
	}
	return failed(errorsOfRefusal(refusal, ['code']), answer.status);
}

/**
 * Opens what the sign-up asked for, with the session that has just begun. Where that is refused the person is signed in all
 * the same, and the page that opens accounts says what is missing.
 */
async function openFor(context: LoadContext, request: Request, signedIn: Response, pending: Pending) {
	const ended = pendingCookie(null, request);
	const studio = STUDIOS[context.studio];
	const to = pathOr(studio.work.path, pending.next);
	const { accounts, me } = apiFor(context, asAfter(request, signedIn)).v1;
	if (pending.wantsUpdates === true) {
		// A wish that is not recorded is none: it stays off, and the settings say so.
		await me.mail.$put({ json: { product_updates: true, announcements: false, surface: 'sign_up' } });
	}
	if (pending.account === undefined) return redirectWithCookies(to, signedIn, ended);
	const opened = await accounts.$post({ json: pending.account });
	const leadTo = opened.ok ? openedPath(studio, await opened.json(), to) : withNext('/accounts', pending.next);
	return redirectWithCookies(leadTo, signedIn, ended);
}

export default function SignUpCodePage() {
	const { mailed, next } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const navigation = useNavigation();
	const isPending = navigation.formMethod === 'POST';
	const isAgain = navigation.formData?.get('intent') === 'again';
	return (
		<WayPage title="Look into your mail" lead={<MailedLead {...mailed} isKnown />}>
			<Form method="post" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<CodeField label="Code" error={answer?.errors.code} isFirst />
				<Button look="main" big wide isPending={isPending && !isAgain} pendingLabel="Confirming…">
					Confirm address
				</Button>
			</Form>
			<MailAnother sentAtMs={mailed.sentAtMs} isPending={isPending && isAgain} />
			<p className="soft after">
				Not your address? <Link to={withNext('/sign-up', next)}>Change it</Link>. You type the password again, since
				this browser did not keep it.
			</p>
		</WayPage>
	);
}
