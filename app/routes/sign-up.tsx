import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useSearchParams } from '@remix-run/react';
import { z } from 'zod';

import { STUDIOS } from '../../studios/all';
import { MAIL_CHOICES } from '../../studios/mail-choices';
import type { Studio } from '../../studios/studio';
import { refusalOf } from '../api';
import { postAuth, redirectWithCookies } from '../auth';
import { Challenge } from '../auth/challenge';
import { challengeHeaders, challengeIn, type ChallengeTask } from '../auth/challenge-task';
import {
	accountErrors,
	accountNameLabel,
	accountOrder,
	ACCOUNT_NAME_LENGTH_MAX,
	asksAccountName,
} from '../auth/new-account';
import { offeredWays } from '../auth/offered-ways';
import { pendingCookie, pendingOf } from '../auth/pending';
import { ProviderButtons } from '../auth/provider-buttons';
import { isProvider } from '../auth/provider-mark';
import { StatementChoice } from '../auth/statement-choice';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { Choice } from '../components/choice';
import { Field } from '../components/field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { PasswordField } from '../components/password-field';
import { errorsOfParse, errorsOfRefusal, isTicked, textOf, type Errors } from '../form';
import { PASSWORD_LENGTH_MIN } from '../password-rule';
import { isInvitation, pathOr, withNext } from '../paths';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Create account', { isPublic: true });

const NAME_LENGTH_MAX = 120;

const SignUp = z.object({
	name: z
		.string()
		.trim()
		.min(1, 'Type your name. Only people you work with see it.')
		.max(NAME_LENGTH_MAX, `A name has ${NAME_LENGTH_MAX} characters at most.`),
	email: z.string().trim().pipe(z.email('This is not an e-mail address. Type one such as name@example.com.')),
	password: z
		.string()
		.min(PASSWORD_LENGTH_MIN, `The password is too short. It needs ${PASSWORD_LENGTH_MIN} characters or more.`),
});

const Sent = z.object({ minutes: z.number() });

const FIELDS = ['name', 'account', 'email', 'password', 'statement'] as const;

interface Failed {
	readonly errors: Errors<(typeof FIELDS)[number]>;
	readonly typed: Typed;
	/** Survives a second try without script, where the address has lost it. */
	readonly next: string;
	/** Asked for before an account is made; the page's policy is opened for it by this very name. */
	readonly challenge?: ChallengeTask;
}

/** What stands in the form besides the password, which is typed again. */
interface Typed {
	readonly name: string;
	readonly account: string;
	readonly email: string;
	readonly isStated: boolean;
	readonly wantsUpdates: boolean;
	readonly key: string;
}

export async function loader({ context, request }: LoaderFunctionArgs) {
	// Whoever comes back from the code to change the address finds the rest as it was.
	const pending = pendingOf(request, 'sign-up');
	const typed: Typed = {
		name: pending?.name ?? '',
		account: pending?.account?.name ?? '',
		email: pending?.email ?? '',
		isStated: pending?.account?.statementVersion !== undefined,
		wantsUpdates: pending?.wantsUpdates === true,
		key: pending?.account?.key ?? crypto.randomUUID(),
	};
	return { ways: await offeredWays(context, request), typed };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const studio = STUDIOS[context.studio];
	const form = await request.formData();
	const next = pathOr('', form.get('next'));
	const failed = (errors: Failed['errors'], status: number, more: Pick<Failed, 'challenge'> = {}) =>
		data<Failed>({ errors, typed: typedIn(form), next, ...more }, status);

	const { name, email, password } = Object.fromEntries(form);
	const typed = SignUp.safeParse({ name, email, password });
	// Who was invited joins what is there, and states what is asked where they join.
	const opening = isInvitation(next) ? {} : accountErrors(studio, form);
	if (!typed.success || Object.keys(opening).length > 0) {
		return failed({ ...(typed.success ? {} : errorsOfParse(typed.error)), ...opening }, 400);
	}
	const answer = await postAuth(context, request, 'sign-up/email', typed.data, challengeHeaders(form));
	if (!answer.ok) {
		const refusal = await refusalOf(answer);
		const challenge = challengeIn(refusal);
		return failed(errorsOfRefusal(refusal, FIELDS), answer.status, challenge === null ? {} : { challenge });
	}
	const { minutes } = Sent.parse(await answer.json());
	const pending = pendingCookie(
		{
			step: 'sign-up',
			email: typed.data.email,
			name: typed.data.name,
			next,
			sentAtMs: Date.now(),
			minutes,
			wantsUpdates: isTicked(form, 'updates'),
			...(isInvitation(next) ? {} : { account: accountOrder(studio, form, typed.data.name) }),
		},
		request,
	);
	return redirectWithCookies('/sign-up/code', answer, pending);
}

function typedIn(form: FormData): Typed {
	const [name = '', account = '', email = '', key = ''] = ['name', 'account', 'email', 'key'].map((field) =>
		textOf(form, field),
	);
	const isStated = isTicked(form, 'statement');
	return { name, account, email, key, isStated, wantsUpdates: isTicked(form, 'updates') };
}

export default function SignUpPage() {
	const { ways } = useLoaderData<typeof loader>();
	const studio = useStudio();
	const [search] = useSearchParams();
	const next = useActionData<typeof action>()?.next ?? pathOr('', search.get('next'));
	return (
		<WayPage title="Create account" aside={<WhatYouGet studio={studio} isInvited={isInvitation(next)} />}>
			<SignUpForm studio={studio} next={next} />
			{ways.some(isProvider) && (
				<>
					<p className="or">or</p>
					<ProviderButtons ways={ways} next={next} />
				</>
			)}
			<p className="soft after">
				Whoever opens an account accepts <Link to="/policy">what we promise</Link>: the privacy policy.
			</p>
			<p className="soft after">
				Been here before? <Link to={withNext('/sign-in', next)}>Sign in</Link>
			</p>
		</WayPage>
	);
}

function SignUpForm({ studio, next }: { studio: Studio; next: string }) {
	const loaded = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { name, account, email, key, isStated, wantsUpdates } = answer?.typed ?? loaded.typed;
	const isOpening = !isInvitation(next);
	return (
		// A document of its own each time: the policy that lets the challenge in is the document's.
		<Form method="post" action="/sign-up" reloadDocument noValidate={answer !== undefined}>
			<input type="hidden" name="next" value={next} />
			<input type="hidden" name="key" value={key} />
			{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
			<Field
				label="Your name"
				name="name"
				autoComplete="name"
				required
				maxLength={NAME_LENGTH_MAX}
				defaultValue={name}
				error={answer?.errors.name}
			/>
			{isOpening && asksAccountName(studio) && (
				<Field
					label={accountNameLabel(studio)}
					name="account"
					autoComplete="organization"
					required
					maxLength={ACCOUNT_NAME_LENGTH_MAX}
					defaultValue={account}
					error={answer?.errors.account}
				/>
			)}
			<Field
				label="E-mail"
				name="email"
				type="email"
				autoComplete="username"
				required
				defaultValue={email}
				error={answer?.errors.email}
			/>
			<PasswordField isNew error={answer?.errors.password} />
			{isOpening && <StatementChoice isMade={isStated} error={answer?.errors.statement} />}
			<Choice type="checkbox" name="updates" value="yes" defaultChecked={wantsUpdates}>
				{MAIL_CHOICES.signUp}
			</Choice>
			{answer?.challenge !== undefined && <Challenge task={answer.challenge} />}
			<Button look="main" big wide>
				Create account
			</Button>
		</Form>
	);
}

function WhatYouGet({ studio, isInvited }: { studio: Studio; isInvited: boolean }) {
	const { welcomeCredits, work } = studio;
	const welcome = [
		{ key: 'credits', state: 'done' as const, what: `${welcomeCredits} credits`, when: 'once, without a card' },
		...studio.tools.slice(0, 1).map((tool) => ({
			key: tool.id,
			state: 'done' as const,
			what: `Enough for ${countOf(Math.floor(welcomeCredits / tool.credits), work)}`,
			when: `${tool.title}: ${tool.credits} credits`,
		})),
	];
	return (
		<>
			<h2>What you get</h2>
			<LifeLine
				marks={[
					...(isInvited ? [] : welcome),
					{
						key: 'kept',
						what: 'We keep your name, e-mail and a hash of the password',
						when: 'nothing about this device',
					},
				]}
			/>
		</>
	);
}

function countOf(count: number, work: { one: string; many: string }): string {
	return `${count} ${count === 1 ? work.one : work.many}`;
}
