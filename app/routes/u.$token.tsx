import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';

import { MAIL_CHOICES } from '../../studios/mail-choices';
import { apiFor, turnedAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import type { LoadContext } from '../load-context';
import { STILL } from '../still';
import { titled } from '../title';

/*
 * Where a mail's link and a mail program's own button lead (RFC 8058). Looking stops nothing, for programs look at links too. The button posts
 * without a cookie, without an origin of ours and with either kind of body, and is answered here, without a redirect.
 */
export const handle = STILL;

export const meta = titled('Stop mail');

type MailClass = keyof typeof MAIL_CHOICES.classes;

export async function loader({ params, request, context }: LoaderFunctionArgs) {
	const answer = await unsubscribeOf(context, request)[':token'].$get({ param: { token: params['token'] ?? '' } });
	if (answer.ok) return data({ mailClass: (await answer.json()).mailClass });
	if (isUnknown(answer)) return data({ mailClass: null }, 404);
	throw await turnedAway(answer, request);
}

export async function action({ params, request, context }: ActionFunctionArgs) {
	const answer = await unsubscribeOf(context, request)[':token'].$post({ param: { token: params['token'] ?? '' } });
	if (answer.ok) return data({ isStopped: true });
	if (isUnknown(answer)) return data({ isStopped: false }, 404);
	throw await turnedAway(answer, request);
}

/** The typed client knows a route's own answers only. */
function isUnknown({ status }: { readonly status: number }): boolean {
	return status === 404;
}

/** Asked in nobody's name: whoever has the link may press its button, from wherever it is shown. */
function unsubscribeOf(context: LoadContext, request: Request) {
	return apiFor(context, new Request(request.url)).v1.unsubscribe;
}

export default function StopMail() {
	const { mailClass } = useLoaderData<typeof loader>();
	const isStopped = useActionData<typeof action>()?.isStopped === true;
	if (mailClass === null) return <Unknown />;
	return isStopped ? <Stopped mailClass={mailClass} /> : <Asking mailClass={mailClass} />;
}

function Asking({ mailClass }: { mailClass: MailClass }) {
	const { title, what } = MAIL_CHOICES.classes[mailClass];
	return (
		<WayPage
			title={`Stop ${title.toLowerCase()}?`}
			lead={`${what} Codes, security notices and what you ask for come as before.`}
		>
			<form method="post">
				<input type="hidden" name="List-Unsubscribe" value="One-Click" />
				<Button look="main" big wide>
					Stop {title.toLowerCase()}
				</Button>
			</form>
			<p className="soft after">You need not sign in. To keep them, close this page.</p>
		</WayPage>
	);
}

function Stopped({ mailClass }: { mailClass: MailClass }) {
	const { title } = MAIL_CHOICES.classes[mailClass];
	return (
		<WayPage
			title={`${title} are stopped`}
			lead="From this moment none is sent to you, and none that was waiting either. Codes and security notices still come."
		>
			<p className="after">
				<ButtonLink to="/settings/mail" look="line" reloadDocument>
					See all mail settings
				</ButtonLink>
			</p>
		</WayPage>
	);
}

function Unknown() {
	return (
		<WayPage
			title="This link stops nothing"
			lead="A part of it is missing or was changed, so it does not say whose mail it is. Open it from the mail itself, or copy all of it."
		>
			<p className="after">
				<ButtonLink to="/settings/mail" look="main" reloadDocument>
					Stop it in your settings
				</ButtonLink>
			</p>
			<p className="soft after">Neither works? Answer the mail: somebody reads it and stops it for you.</p>
		</WayPage>
	);
}
