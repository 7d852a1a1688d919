import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useSearchParams } from '@remix-run/react';

import { apiFor, refusalOrAway } from '../api';
import { PROVIDERS, isProvider } from '../auth/provider-mark';
import { Notice } from '../components/notice';
import { Toast } from '../components/toast';
import { textOf } from '../form';
import { EventsSection } from '../settings/events-section';
import { isLastWayIn } from '../settings/last-way';
import { linkRefusal } from '../settings/link-words';
import { PasskeysSection } from '../settings/passkeys-section';
import { readSecurity } from '../settings/read-security';
import { SecondFactorSection } from '../settings/second-factor-section';
import { SessionsSection } from '../settings/sessions-section';
import { WaysSection } from '../settings/ways-section';
import { titled } from '../title';

export const meta = titled('Security');

interface Answered {
	readonly done?: string;
	readonly refused?: string;
}

export function loader({ request, context }: LoaderFunctionArgs) {
	return readSecurity(context, request);
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const { me } = apiFor(context, request).v1;
	const param = { id: textOf(form, 'id') };
	switch (textOf(form, 'intent')) {
		case 'unlink':
			return answered(await me.ways[':id'].$delete({ param }), request, 'Unlinked. Your other ways stay.');
		case 'rename-passkey': {
			const json = { name: textOf(form, 'name').trim() };
			return answered(await me.passkeys[':id'].$patch({ param, json }), request, 'Passkey renamed.');
		}
		case 'remove-passkey':
			return answered(
				await me.passkeys[':id'].$delete({ param }),
				request,
				'Passkey removed. Delete it on the device too.',
			);
		case 'end-session':
			return answered(await me.sessions[':id'].$delete({ param }), request, 'Session ended.');
		case 'end-others':
			return answered(
				await me.sessions.$delete({ query: { keep: 'this' } }),
				request,
				'All other sessions are ended. This device stays signed in.',
			);
		default:
			return data<Answered>({ refused: 'This form is not known here. Load the page again.' }, 400);
	}
}

/** Says that it is done, or why not. */
async function answered(
	answer: { readonly ok: boolean } & Parameters<typeof refusalOrAway>[0],
	request: Request,
	done: string,
) {
	if (answer.ok) return data<Answered>({ done });
	return data<Answered>({ refused: (await refusalOrAway(answer, request)).message }, answer.status);
}

export default function Security() {
	const { me, offered, sessions, events } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	const linked = search.get('connected');
	const error = search.get('error');
	return (
		<>
			{answer?.done !== undefined && <Toast key={events.length}>{answer.done}</Toast>}
			{answer === undefined && linked !== null && isProvider(linked) && (
				<Toast>{PROVIDERS[linked].name} is linked. You can sign in with it from now on.</Toast>
			)}
			{answer === undefined && <DoneToast word={search.get('done')} />}
			{answer?.refused !== undefined && (
				<div className="above">
					<Notice kind="stop" title={answer.refused} isAlert />
				</div>
			)}
			{answer === undefined && error !== null && (
				<div className="above">
					<Notice kind="stop" title="It was not linked">
						{linkRefusal(error)}
					</Notice>
				</div>
			)}
			<WaysSection me={me} offered={offered} />
			{offered.includes('passkey') && <PasskeysSection passkeys={me.passkeys} isLastWay={isLastWayIn(me, offered)} />}
			<SecondFactorSection secondFactor={me.secondFactor} />
			<SessionsSection sessions={sessions} />
			<EventsSection events={events} />
		</>
	);
}

const DONE = new Map([
	['password', 'The password is set. Every other session is ended.'],
	['second-factor-off', 'The second factor is off. Delete its entry in the app too.'],
]);

function DoneToast({ word }: { word: string | null }) {
	const sentence = DONE.get(word ?? '');
	return sentence === undefined ? null : <Toast>{sentence}</Toast>;
}
