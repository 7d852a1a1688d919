import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { z } from 'zod';

import { apiFor, refusalOf, refusalOrAway } from '../api';
import { redirectWithCookies } from '../auth';
import { pendingCookie, pendingOf } from '../auth/pending';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { provePath } from '../paths';
import { readMe } from '../settings/read-me';
import { titled } from '../title';

export const meta = titled('E-mail address');

const MINUTE_MS = 60_000;

const Address = z.object({
	email: z.string().trim().pipe(z.email('This is not an e-mail address. Type one such as name@example.com.')),
});
const digits = (sentence: string) => z.string().transform(codeOf).pipe(z.string().min(1, sentence));
const Codes = z.object({
	currentCode: digits('Type the six digits that went to the present address.'),
	newCode: digits('Type the six digits that went to the new address.'),
});

interface Failed {
	readonly errors: Errors<'email' | 'currentCode' | 'newCode'>;
	readonly email?: string;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { email } = await readMe(context, request);
	const pending = new URL(request.url).searchParams.has('again') ? null : pendingOf(request, 'email');
	if (pending === null) return { email, typed: '', until: null };
	// Typed, but not mailed yet: whoever had to show first that it is them finds it again.
	if (pending.minutes === 0) return { email, typed: pending.email, until: null };
	const until = new Date(pending.sentAtMs + pending.minutes * MINUTE_MS).toISOString();
	return { email, typed: pending.email, until };
}

const failed = (failure: Failed, status: number) => data<Failed>(failure, status);

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const { me } = apiFor(context, request).v1;

	if (form.has('currentCode')) {
		const typed = Codes.safeParse(Object.fromEntries(form));
		if (!typed.success) return failed({ errors: errorsOfParse(typed.error) }, 400);
		const answer = await me.email.confirm.$post({ json: typed.data });
		if (answer.ok) return redirectWithCookies('/settings?done=email', pendingCookie(null, request));
		const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['currentCode', 'newCode']);
		return failed({ errors }, answer.status);
	}
	const typed = Address.safeParse({ email: textOf(form, 'email') });
	if (!typed.success) return failed({ errors: errorsOfParse(typed.error), email: textOf(form, 'email') }, 400);
	const answer = await me.email.$post({ json: typed.data });
	const step = { step: 'email', ...typed.data, next: '', sentAtMs: Date.now() } as const;
	if (answer.ok) {
		const { minutes } = await answer.json();
		return redirectWithCookies('/settings/email', pendingCookie({ ...step, minutes }, request));
	}
	const { code } = await refusalOf({ status: answer.status, json: () => answer.clone().json() });
	if (code === 'reauthentication_required') {
		return redirectWithCookies(provePath(request), pendingCookie({ ...step, minutes: 0 }, request));
	}
	const refusal = await refusalOrAway(answer, request);
	return failed({ errors: errorsOfRefusal(refusal, ['email']), ...typed.data }, answer.status);
}

export default function EmailPage() {
	const { email, typed, until } = useLoaderData<typeof loader>();
	return until === null ? (
		<AskForAddress email={email} typed={typed} />
	) : (
		<AskForCodes email={email} next={typed} until={until} />
	);
}

function AskForAddress({ email, typed }: { email: string; typed: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage
			title="Change address"
			lead={
				<>
					Now it is <b className="address">{email}</b>. We mail a code to both addresses, so that nobody else can move
					your account.
				</>
			}
		>
			<Form method="post" action="/settings/email" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<Field
					label="New e-mail"
					name="email"
					type="email"
					autoComplete="email"
					required
					defaultValue={answer?.email ?? typed}
					error={answer?.errors.email}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Mailing…">
					Mail both codes
				</Button>
			</Form>
			<p className="soft after">
				<Link to="/settings">Keep the address</Link>
			</p>
		</WayPage>
	);
}

function AskForCodes({ email, next, until }: { email: string; next: string; until: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage
			title="Look into both mailboxes"
			lead={
				<>
					Both codes hold until <Time at={until} />. Nothing changes before both are right.
				</>
			}
		>
			<Form method="post" action="/settings/email" noValidate={answer !== undefined}>
				{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
				<CodeField
					label="Code at the present address"
					name="currentCode"
					hint={<span className="address">{email}</span>}
					error={answer?.errors.currentCode}
					isFirst
				/>
				<CodeField
					label="Code at the new address"
					name="newCode"
					hint={<span className="address">{next}</span>}
					error={answer?.errors.newCode}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Changing…">
					Change address
				</Button>
			</Form>
			<p className="soft after">
				Not there, or the wrong address? <Link to="/settings/email?again">Begin again</Link>
			</p>
		</WayPage>
	);
}
