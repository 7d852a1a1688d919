import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { apiFor, refusalOf, refusalOrAway, turnedAway } from '../api';
import { postAuth, redirectWithCookies } from '../auth';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { errorsOfRefusal, isTicked, textOf, type Errors } from '../form';
import type { LoadContext } from '../load-context';
import { useFragmentToken } from '../practice/fragment-token';
import { keptToken, tokenCookie, tokenIn } from '../practice/invitation-cookie';
import { OpenInvitation, OverInvitation } from '../practice/invitation-view';
import { practiceStyles } from '../practice/styles';
import { titled } from '../title';

export const meta = titled('Invitation');
export const links = practiceStyles;

interface Failed {
	readonly errors: Errors<'link' | 'statement'>;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const token = keptToken(request);
	if (token === null) return { invitation: null, unknown: null, person: null };
	const answer = await apiFor(context, request).v1.invitations.look.$post({ json: { token } });
	if (!answer.ok) return { invitation: null, unknown: (await refusalOf(answer)).message, person: null };
	return { invitation: await answer.json(), unknown: null, person: await personAt(context, request) };
}

/** Who is looking, and whether they have stated already what the studio asks for. A stranger is nobody, not a refusal. */
async function personAt(context: LoadContext, request: Request) {
	if (!(request.headers.get('cookie') ?? '').includes('afterglow_session=')) return null;
	const answer = await apiFor(context, request).v1.me.$get();
	if (!answer.ok) return null;
	const { email, statements } = await answer.json();
	const { statement } = STUDIOS[context.studio];
	const isStated =
		statement === null ||
		statements.some(({ kind, textVersion }) => kind === statement.kind && textVersion === statement.textVersion);
	return { email, isStated };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	switch (textOf(form, 'intent')) {
		case 'accept':
			return accept(context, request, form);
		case 'switch': {
			const out = await postAuth(context, request, 'sign-out', {});
			if (!out.ok) throw await turnedAway(out, request);
			return redirectWithCookies('/sign-in?next=/invitations', out);
		}
		case 'forget':
			return redirectWithCookies('/', tokenCookie(null, request));
		default: {
			const token = tokenIn(textOf(form, 'link'));
			if (token !== null) return redirectWithCookies('/invitations', tokenCookie(token, request));
			const link = 'This is not the link of an invitation. Copy all of it from the mail, to its last letter.';
			return data<Failed>({ errors: { link } }, 400);
		}
	}
}

async function accept(context: LoadContext, request: Request, form: FormData) {
	const { statement } = STUDIOS[context.studio];
	if (statement !== null && !isTicked(form, 'statement')) {
		const sentence = `${statement.refusal} Tick the box if that is you.`;
		return data<Failed>({ errors: { statement: sentence } }, 400);
	}
	const answer = await apiFor(context, request).v1.invitations.accept.$post({
		json: {
			token: keptToken(request) ?? '',
			...(statement === null ? {} : { statementVersion: statement.textVersion }),
		},
	});
	if (answer.ok) return redirectWithCookies('/practice/team?done=joined', tokenCookie(null, request));
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['statement']);
	return data<Failed>({ errors }, answer.status);
}

export default function InvitationPage() {
	const { invitation, unknown, person } = useLoaderData<typeof loader>();
	const errors = useActionData<typeof action>()?.errors;
	useFragmentToken();
	if (invitation === null) return <PasteLink unknown={unknown} error={errors?.link} />;
	if (invitation.state !== 'open') return <OverInvitation invitation={invitation} isSignedIn={person !== null} />;
	return <OpenInvitation invitation={invitation} person={person} errors={errors} />;
}

/** Without script nothing reads what stands behind the #, and a browser keeps it only for an hour: both paste the link. */
function PasteLink({ unknown, error }: { unknown: string | null; error: string | undefined }) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage title="Open an invitation" lead="Copy the link out of the mail and paste it here.">
			<Form method="post" action="/invitations" noValidate={error !== undefined}>
				<input type="hidden" name="intent" value="open" />
				{unknown !== null && (
					<Notice kind="stop" title="This invitation is not known">
						{unknown} Check that the link is whole, or ask for a new one.
					</Notice>
				)}
				<Field
					label="Link of the invitation"
					name="link"
					autoComplete="off"
					autoCapitalize="none"
					spellCheck={false}
					required
					error={error}
				/>
				<Button look="main" big wide isPending={isPending} pendingLabel="Opening…">
					Open invitation
				</Button>
			</Form>
		</WayPage>
	);
}
