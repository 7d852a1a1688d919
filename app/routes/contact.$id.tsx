import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { apiFor, refusalOf } from '../api';
import { redirectWithCookies } from '../auth';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { errorsOfParse, errorsOfRefusal, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';
import { newOrderKey, orderKeyOr } from '../order-key';
import { Answer } from '../support/contact-form';
import { Conversation } from '../support/conversation';
import { supportStyles } from '../support/styles';
import { keptTicketToken, ticketCookie, ticketTokenIn } from '../support/ticket-cookie';
import { useTicketToken } from '../support/use-ticket-token';
import { titled } from '../title';

export const meta = titled('Conversation');
export const links = supportStyles;

interface Failed {
	readonly errors: Errors<'link' | 'words'>;
	readonly words: string;
	readonly key: string;
}

const idOf = (params: LoaderFunctionArgs['params']) => params['id'] ?? '';

/** What opens it: the kept token, and beside it the session that travels anyway. */
function opening(request: Request, ticketId: string): { token?: string } {
	const token = keptTicketToken(request, ticketId);
	return token === null ? {} : { token };
}

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const key = newOrderKey();
	const id = idOf(params);
	const json = opening(request, id);
	const hasWay = 'token' in json || (request.headers.get('cookie') ?? '').includes('afterglow_session=');
	if (!hasWay) return { ticket: null, unknown: null, key };
	const answer = await apiFor(context, request).v1.tickets[':id'].look.$post({ param: { id }, json });
	if (answer.ok) return { ticket: await answer.json(), unknown: null, key };
	const { message } = await refusalOf(answer);
	// The link of the mail may still open it; the page says so, and is none that is missing.
	return { ticket: null, unknown: message, key };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const ticketId = idOf(params);
	switch (textOf(form, 'intent')) {
		case 'write':
			return write(context, request, ticketId, form);
		case 'close':
			return change(context, request, ticketId, 'close');
		case 'reopen':
			return change(context, request, ticketId, 'reopen');
		case 'forget':
			return redirectWithCookies('/contact', ticketCookie(null, request));
		default: {
			const token = ticketTokenIn(textOf(form, 'link'));
			if (token !== null)
				return redirectWithCookies(`/contact/${ticketId}`, ticketCookie({ ticketId, token }, request));
			const link = 'This is not the link of a conversation. Copy all of it from the mail, to its last letter.';
			return data<Failed>({ errors: { link }, words: '', key: newOrderKey() }, 400);
		}
	}
}

async function write(context: LoadContext, request: Request, ticketId: string, form: FormData) {
	const words = textOf(form, 'words');
	const key = orderKeyOr(form.get('key'));
	const failed = (errors: Failed['errors'], status: number) => data<Failed>({ errors, words, key }, status);
	const typed = Answer.safeParse({ words });
	if (!typed.success) return failed(errorsOfParse(typed.error), 400);
	const json = { ...opening(request, ticketId), ...typed.data, key };
	const answer = await apiFor(context, request).v1.tickets[':id'].messages.$post({ param: { id: ticketId }, json });
	if (answer.ok) return redirect(`/contact/${ticketId}`);
	return failed(errorsOfRefusal(await refusalOf(answer), ['words']), answer.status);
}

async function change(context: LoadContext, request: Request, ticketId: string, what: 'close' | 'reopen') {
	const of = apiFor(context, request).v1.tickets[':id'];
	const input = { param: { id: ticketId }, json: opening(request, ticketId) };
	const answer = what === 'close' ? await of.close.$post(input) : await of.reopen.$post(input);
	if (answer.ok) return redirect(`/contact/${ticketId}`);
	const errors = errorsOfRefusal(await refusalOf(answer), ['words']);
	return data<Failed>({ errors, words: '', key: newOrderKey() }, answer.status);
}

export default function ConversationPage() {
	const { ticket, unknown, key } = useLoaderData<typeof loader>();
	const failed = useActionData<typeof action>();
	useTicketToken();
	if (ticket === null) return <PasteLink unknown={unknown} error={failed?.errors.link} />;
	return <Conversation ticket={ticket} failed={failed} formKey={failed?.key ?? key} />;
}

/** Without script nothing reads what stands behind the #, and a browser keeps it for hours only: both paste the link. */
function PasteLink({ unknown, error }: { unknown: string | null; error: string | undefined }) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage title="Open a conversation" lead="Copy the link out of the mail and paste it here.">
			<Form method="post" noValidate={error !== undefined}>
				<input type="hidden" name="intent" value="open" />
				{unknown !== null && (
					<Notice kind="stop" title="This conversation is not open here">
						{unknown} Paste its link whole. A conversation that was deleted has none any more.
					</Notice>
				)}
				<Field
					label="Link of the conversation"
					name="link"
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
					required
					error={error}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Opening…">
					Open conversation
				</Button>
			</Form>
		</WayPage>
	);
}
