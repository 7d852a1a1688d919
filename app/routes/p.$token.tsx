import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useSearchParams } from '@remix-run/react';

import { STUDIOS } from '../../studios/all';
import { apiFor, refusalOf } from '../api';
import { textOf } from '../form';
import type { Offer } from '../patient/answers';
import { patientHeaders, patientMeta, patientStyles, pathsOf } from '../patient/bare-page';
import { ChooseView } from '../patient/choose-view';
import { choicesOf, errorsOfChoices, offeredChoices, type ChoiceErrors, type Choices } from '../patient/choices';
import { loadLink, openLink } from '../patient/open-link';
import { SentenceView } from '../patient/sentence-view';
import { SignView } from '../patient/sign-view';
import { PatientScript } from '../patient/signature-pad';
import { SignedView, type CopyAnswer } from '../patient/signed-view';
import {
	errorsOfSigning,
	errorsOfSignRefusal,
	hasErrors,
	signingOf,
	signingOrder,
	UNSIGNED,
	type Signing,
	type SigningErrors,
} from '../patient/signing';
import { BARE } from '../still';

export const handle = BARE;
export const links = patientStyles;
export const meta = patientMeta;
export const headers = patientHeaders;

/** What the last form was answered with. Nothing of it is kept: both steps before a signature travel in the form. */
type Answered =
	| { readonly step: 'choose'; readonly choices: Choices; readonly errors: ChoiceErrors }
	| { readonly step: 'sign'; readonly choices: Choices; readonly signing: Signing; readonly errors: SigningErrors }
	| { readonly step: 'copy'; readonly copy: CopyAnswer };

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	return loadLink(context, request, params['token'] ?? '');
}

export async function action({ request, context, params }: ActionFunctionArgs) {
	const token = params['token'] ?? '';
	const form = await request.formData();
	const intent = textOf(form, 'intent');
	if (intent === 'copy') return mailCopy({ context, request, token, email: textOf(form, 'email').trim() });
	const { page: offer } = await openLink(context, request, token);
	// Signed meanwhile, on another device or by a second tap: the page says so.
	if (offer.state !== 'to_sign') return redirect(pathsOf(token).page);
	const choices = choicesOf(form);
	if (intent === 'choose') return data<Answered>({ step: 'choose', choices, errors: {} });
	const errors = errorsOfChoices(choices, offer, Date.now());
	if (hasErrors(errors)) return data<Answered>({ step: 'choose', choices, errors }, 422);
	if (intent !== 'sign') return data<Answered>({ step: 'sign', choices, signing: UNSIGNED, errors: {} });
	return sign({ context, request, token, offer, choices, signing: signingOf(form) });
}

type At = Pick<ActionFunctionArgs, 'context' | 'request'> & { token: string };

async function sign(order: At & { offer: Offer; choices: Choices; signing: Signing }) {
	const { context, request, token, offer, choices, signing } = order;
	const failed = (errors: SigningErrors, status: number) =>
		data<Answered>({ step: 'sign', choices, signing, errors }, status);
	const errors = errorsOfSigning(signing);
	if (hasErrors(errors)) return failed(errors, 422);
	const json = await signingOrder({
		token,
		offer,
		choices,
		signing,
		studio: STUDIOS[context.studio],
		nowMs: Date.now(),
	});
	const answer = await apiFor(context, request).v1['consent-links'].sign.$post({ json });
	if (answer.ok) return redirect(`${pathsOf(token).page}?done=signed`);
	return failed(errorsOfSignRefusal(await refusalOf(answer)), answer.status);
}

async function mailCopy({ context, request, token, email }: At & { email: string }) {
	const failed = (error: string, status: number) =>
		data<Answered>({ step: 'copy', copy: { email, error, mailedTo: null } }, status);
	if (email === '') return failed('Type the address that it is mailed to.', 422);
	const answer = await apiFor(context, request).v1['consent-links'].copy.$post({ json: { token, email } });
	if (!answer.ok) return failed((await refusalOf(answer)).message, answer.status);
	return data<Answered>({ step: 'copy', copy: { email, error: undefined, mailedTo: email } });
}

export default function PatientLink() {
	const { page, token } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const [search] = useSearchParams();
	return (
		<>
			<PatientScript />
			{page.state === 'to_sign' ? (
				<ToSign offer={page} answer={answer} />
			) : page.state === 'signed' ? (
				<SignedView
					signed={page}
					token={token}
					done={search.get('done')}
					copy={answer?.step === 'copy' ? answer.copy : undefined}
				/>
			) : (
				<SentenceView page={page} />
			)}
		</>
	);
}

function ToSign({ offer, answer }: { offer: Offer; answer: Answered | undefined }) {
	if (answer?.step === 'sign') {
		return <SignView offer={offer} choices={answer.choices} signing={answer.signing} errors={answer.errors} />;
	}
	const isChanged = answer?.step === 'choose';
	return (
		<ChooseView
			offer={offer}
			choices={isChanged ? answer.choices : offeredChoices(offer)}
			errors={isChanged ? answer.errors : {}}
		/>
	);
}
