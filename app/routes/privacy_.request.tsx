import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { z } from 'zod';

import { isRightKind, REQUEST_LIMITS, RIGHT_KINDS, RIGHTS_WORDS, type RightKind } from '../../studios/rights';
import { apiFor, refusalOrAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { Field, SelectField, TextField } from '../components/field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { useShell, useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Ask about your data', { isPublic: true });

const FIELDS = ['right', 'name', 'who', 'email', 'words'] as const;
type Fields = Record<(typeof FIELDS)[number], string>;

const line = (missing: string, what: string, max: number) =>
	z.string().trim().min(1, missing).max(max, `${what} has ${max} characters at most.`);

const Words = line('Say in a few words what it is about.', 'This', REQUEST_LIMITS.wordsMax);
const OwnForm = z.object({ words: Words });
const PublicForm = z.object({
	name: line('Type your name.', 'A name', REQUEST_LIMITS.nameMax),
	who: line('Say who you are to us, such as: a patient of Dr. Ada.', 'This', REQUEST_LIMITS.whoMax),
	email: z.email('This is no e-mail address. Type one that you read.'),
	words: Words,
});

const NOTHING: Fields = { right: '', name: '', who: '', email: '', words: '' };

interface Answered {
	readonly errors: Errors<(typeof FIELDS)[number]>;
	readonly typed: Fields;
	/** Where the link was mailed, once it was. */
	readonly mailedTo: string | null;
}

export function loader({ request }: LoaderFunctionArgs) {
	const right = new URL(request.url).searchParams.get('right') ?? '';
	return { right: isRightKind(right) ? right : null };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const typed: Fields = {
		right: textOf(form, 'right'),
		name: textOf(form, 'name'),
		who: textOf(form, 'who'),
		email: textOf(form, 'email').trim(),
		words: textOf(form, 'words'),
	};
	const failed = (errors: Answered['errors'], status: number) =>
		data<Answered>({ errors, typed, mailedTo: null }, status);
	if (!isRightKind(typed.right)) return failed({ right: 'Choose what you ask for.' }, 400);
	const isOwn = form.has('own');
	const parsed = (isOwn ? OwnForm : PublicForm).safeParse(typed);
	if (!parsed.success) return failed(errorsOfParse(parsed.error), 400);
	const { requests, 'own-requests': own } = apiFor(context, request).v1.rights;
	const { right } = typed;
	if (isOwn) {
		const answer = await own.$post({ json: { right, words: typed.words } });
		if (answer.ok) return redirect('/privacy');
		return failed(errorsOfRefusal(await refusalOrAway(answer, request), FIELDS), answer.status);
	}
	const answer = await requests.$post({ json: { ...typed, right } });
	if (!answer.ok) return failed(errorsOfRefusal(await refusalOrAway(answer, request), FIELDS), answer.status);
	// What was typed does not come back: the page that says so may stay open on a device of many.
	return data<Answered>({ errors: {}, typed: NOTHING, mailedTo: typed.email });
}

export default function RequestPage() {
	const answer = useActionData<typeof action>();
	const { session } = useShell();
	if (answer?.mailedTo != null) return <Mailed to={answer.mailedTo} />;
	return (
		<WayPage
			title="Ask about your data"
			lead="For patients, parents and everybody else whose data may be here. You need no account."
			aside={<WhatHappens />}
		>
			<RequestForm answer={answer} isOwn={session.signedIn} />
			{session.signedIn && (
				<p className="soft after">
					<Link to="/privacy">Back to Privacy</Link>
				</p>
			)}
		</WayPage>
	);
}

function RequestForm({ answer, isOwn }: { answer: Answered | undefined; isOwn: boolean }) {
	const { right: asked } = useLoaderData<typeof loader>();
	const [search] = useSearchParams();
	const isPending = useNavigation().formMethod === 'POST';
	const chosen = answer?.typed.right ?? asked ?? '';
	const known: RightKind | null = isRightKind(chosen) ? chosen : null;
	return (
		<Form method="post" key={search.get('right')} noValidate={answer !== undefined}>
			{answer?.errors.form !== undefined && <Notice kind="stop" title={answer.errors.form} isAlert />}
			{isOwn && <input type="hidden" name="own" value="yes" />}
			<SelectField
				label="What do you ask for?"
				name="right"
				required
				defaultValue={chosen}
				error={answer?.errors.right}
			>
				<option value="">Choose one</option>
				{RIGHT_KINDS.map((right) => (
					<option key={right} value={right}>
						{RIGHTS_WORDS[right].ask}
					</option>
				))}
			</SelectField>
			{!isOwn && (
				<>
					<Field
						label="Your name"
						name="name"
						autoComplete="name"
						required
						maxLength={REQUEST_LIMITS.nameMax}
						defaultValue={answer?.typed.name}
						error={answer?.errors.name}
					/>
					<Field
						label="Who are you to us?"
						hint="Such as: a patient of Dr. Ada in Graz, or the mother of one."
						name="who"
						required
						maxLength={REQUEST_LIMITS.whoMax}
						defaultValue={answer?.typed.who}
						error={answer?.errors.who}
					/>
					<Field
						label="E-mail"
						hint="The answer goes there. First we mail a link, so that nobody asks in your name."
						name="email"
						type="email"
						autoComplete="email"
						required
						defaultValue={answer?.typed.email}
						error={answer?.errors.email}
					/>
				</>
			)}
			<TextField
				label="What is it about?"
				hint={
					known === null
						? 'Say who took or sent the picture and about when. Send no papers and no pictures.'
						: RIGHTS_WORDS[known].hint
				}
				name="words"
				rows={6}
				required
				maxLength={REQUEST_LIMITS.wordsMax}
				defaultValue={answer?.typed.words}
				error={answer?.errors.words}
			/>
			<Button look="main" big wide isPending={isPending} pendingLabel="Sending…">
				Send request
			</Button>
		</Form>
	);
}

function WhatHappens() {
	const { policy } = useStudio();
	const { responseDays, extensionDays } = policy.rights;
	return (
		<>
			<h2>What happens with it</h2>
			<LifeLine
				marks={[
					{ key: 'sent', what: 'You send it', note: 'Stored sealed, under a key of its own.', state: 'done' },
					{ key: 'mail', what: 'We mail a link', note: 'Without it, all you wrote is deleted after 7 days.' },
					{
						key: 'answer',
						what: `Answered within ${responseDays} days`,
						note: `By a person. If it takes up to ${extensionDays} days more, we say why.`,
					},
					{
						key: 'gone',
						what: 'Deleted 3 years after the answer',
						note: 'Until then it shows that you were answered.',
					},
				]}
			/>
		</>
	);
}

function Mailed({ to }: { to: string }) {
	return (
		<WayPage
			title="Look into your mailbox"
			lead="Your request is stored. Nobody looks at it before you confirm that it is yours."
		>
			<Notice kind="kept" title="We mailed you a link">
				It went to <span className="address">{to}</span>. Open it within 7 days. Without it, all you wrote is deleted.
			</Notice>
		</WayPage>
	);
}
