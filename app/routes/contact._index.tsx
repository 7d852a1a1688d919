import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';

import { apiFor, refusalOf } from '../api';
import { Button } from '../components/button';
import { Field, TextField } from '../components/field';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import { newOrderKey, orderKeyOr } from '../order-key';
import { useShell, useStudio } from '../shell';
import { Message, MessageWithAddress } from '../support/contact-form';
import { keptFor } from '../support/kept-for';
import { SUBJECT_LENGTH_MAX, WORDS_LENGTH_MAX } from '../support/message-limits';
import { OwnTickets } from '../support/own-tickets';
import { supportStyles } from '../support/styles';
import { WhatHappens } from '../support/what-happens';
import { titled } from '../title';

export const meta = titled('Contact', { isPublic: true });
export const links = supportStyles;

interface Failed {
	readonly errors: Errors<'email' | 'subject' | 'words'>;
	/** What was typed, and the key it was typed under: the same message sent again is one. */
	readonly typed: { readonly email: string; readonly subject: string; readonly words: string; readonly key: string };
}

const hasSession = (request: Request) => (request.headers.get('cookie') ?? '').includes('afterglow_session=');

/** Visitors write as well, so a session that has ended is no reason to lead anybody away. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const key = newOrderKey();
	if (!hasSession(request)) return { key, tickets: null };
	const answer = await apiFor(context, request).v1.tickets.$get();
	return { key, tickets: answer.ok ? (await answer.json()).items : null };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const typed = {
		email: textOf(form, 'email'),
		subject: textOf(form, 'subject'),
		words: textOf(form, 'words'),
		key: orderKeyOr(form.get('key')),
	};
	const failed = (errors: Failed['errors'], status: number) => data<Failed>({ errors, typed }, status);

	// The address is asked for where nobody is signed in; the api takes a signed-in person's own in any case.
	const read = form.has('email') ? MessageWithAddress.safeParse(typed) : Message.safeParse(typed);
	if (!read.success) return failed(errorsOfParse(read.error), 400);
	const answer = await apiFor(context, request).v1.tickets.$post({ json: { ...read.data, key: typed.key } });
	if (!answer.ok) {
		return failed(errorsOfRefusal(await refusalOf(answer), ['email', 'subject', 'words']), answer.status);
	}
	const { id } = await answer.json();
	return redirect(form.has('email') ? '/contact?done=sent' : `/contact/${id}`);
}

export default function ContactPage() {
	const { key, tickets } = useLoaderData<typeof loader>();
	const [search] = useSearchParams();
	return (
		<div className="wrap si">
			<div className="box wider">
				<h1>Contact</h1>
				<p className="soft say-first">Ask, report, or tell us what to change. A person answers, by mail.</p>
				<p className="soft say-first">
					Is it about data or pictures of you or your child? <Link to="/privacy/request">Ask about your data</Link>{' '}
					instead.
				</p>
				{search.get('done') === 'sent' ? <Sent /> : <MessageForm key={key} formKey={key} />}
				{tickets !== null && tickets.length > 0 && <OwnTickets tickets={tickets} />}
			</div>
			<aside className="why">
				<WhatHappens />
			</aside>
		</div>
	);
}

function Sent() {
	return (
		<Notice kind="kept" title="Your message is here">
			A mail with the link to the conversation is on its way to the address that you typed. None within minutes? Then
			the address was not right: <a href="/contact">write again</a>.
		</Notice>
	);
}

function MessageForm({ formKey }: { formKey: string }) {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().formMethod === 'POST';
	const { session } = useShell();
	const studio = useStudio();
	const errors = answer?.errors;
	return (
		<Form method="post" action="/contact?index" noValidate={errors !== undefined}>
			<input type="hidden" name="key" value={answer?.typed.key ?? formKey} />
			{errors?.form !== undefined && <Notice kind="stop" title={errors.form} isAlert />}
			{session.signedIn ? (
				<p className="soft">
					The answer goes to <span className="address">{session.user.email}</span>.
				</p>
			) : (
				<Field
					label="Your e-mail address"
					hint="The answer goes there."
					name="email"
					type="email"
					autoComplete="email"
					required
					maxLength={254}
					defaultValue={answer?.typed.email}
					error={errors?.email}
				/>
			)}
			<Field
				label="Subject"
				name="subject"
				required
				maxLength={SUBJECT_LENGTH_MAX}
				autoComplete="off"
				defaultValue={answer?.typed.subject}
				error={errors?.subject}
			/>
			<TextField
				label="Message"
				hint={`Up to ${WORDS_LENGTH_MAX.toLocaleString('en')} characters. No photos and no passwords are needed.`}
				name="words"
				rows={8}
				required
				maxLength={WORDS_LENGTH_MAX}
				defaultValue={answer?.typed.words}
				error={errors?.words}
			/>
			<p className="small muted">
				We use it to help you, and delete it {keptFor(studio)} after the conversation is closed.
			</p>
			<Button look="main" big wide isPending={isPending} pendingLabel="Sending…">
				Send message
			</Button>
		</Form>
	);
}
