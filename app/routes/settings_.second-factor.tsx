import { data, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';

import { apiFor, refusalOrAway } from '../api';
import { WayPage } from '../auth/way-page';
import { Button } from '../components/button';
import { CodeField, codeOf } from '../components/code-field';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { errorsOfRefusal, textOf, type Errors } from '../form';
import { qrCode, type QrCode } from '../settings/qr.server';
import { readMe } from '../settings/read-me';
import { RecoveryCodes } from '../settings/recovery-codes';
import { Secret } from '../settings/secret';
import { titled } from '../title';

export const meta = titled('Second factor');

/** What the app is told, as text and as a picture of it. */
interface Enrolment {
	readonly uri: string;
	readonly secret: string;
	readonly qr: QrCode;
}

interface Answered {
	readonly errors: Errors<'code'>;
	readonly enrolment?: Enrolment;
	readonly codes?: readonly string[];
	/** The codes end an enrolment, and are not a new set for one that stood before. */
	readonly isFirst?: boolean;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { secondFactor } = await readMe(context, request);
	return { isOn: secondFactor.isOn };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const form = await request.formData();
	const { me } = apiFor(context, request).v1;
	switch (textOf(form, 'intent')) {
		case 'start': {
			const answer = await me['second-factor'].$post();
			if (!answer.ok) return refused(answer, request);
			const { uri, secret } = await answer.json();
			return data<Answered>({ errors: {}, enrolment: { uri, secret, qr: qrCode(uri) } });
		}
		case 'confirm': {
			const [uri, secret] = [textOf(form, 'uri'), textOf(form, 'secret')];
			// The app knows this secret already, so another try keeps it.
			const enrolment = { uri, secret, qr: qrCode(uri) };
			const code = codeOf(textOf(form, 'code'));
			if (code === '') return data<Answered>({ errors: { code: 'Type the six digits of the app.' }, enrolment }, 400);
			const answer = await me['second-factor'].confirm.$post({ json: { code } });
			if (!answer.ok) return refused(answer, request, enrolment);
			return data<Answered>({ errors: {}, codes: (await answer.json()).recoveryCodes, isFirst: true });
		}
		case 'codes': {
			const answer = await me['recovery-codes'].$post();
			if (!answer.ok) return refused(answer, request);
			return data<Answered>({ errors: {}, codes: (await answer.json()).recoveryCodes });
		}
		case 'off': {
			const answer = await me['second-factor'].$delete();
			return answer.ok ? redirect('/settings/security?done=second-factor-off') : refused(answer, request);
		}
		default:
			return redirect('/settings/security');
	}
}

async function refused(answer: Parameters<typeof refusalOrAway>[0], request: Request, enrolment?: Enrolment) {
	const errors = errorsOfRefusal(await refusalOrAway(answer, request), ['code']);
	return data<Answered>({ errors, ...(enrolment === undefined ? {} : { enrolment }) }, answer.status);
}

export default function SecondFactorPage() {
	const { isOn } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	if (answer?.codes !== undefined) {
		return (
			<WayPage title={answer.isFirst === true ? 'The second factor is on' : 'New recovery codes'}>
				<RecoveryCodes codes={answer.codes} isFirst={answer.isFirst === true} />
			</WayPage>
		);
	}
	if (answer?.enrolment !== undefined) return <Enrol enrolment={answer.enrolment} errors={answer.errors} />;
	return <Begin isOn={isOn} refusal={answer?.errors.form} />;
}

function Begin({ isOn, refusal }: { isOn: boolean; refusal: string | undefined }) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage
			title="Second factor"
			lead={
				isOn
					? 'It is on. New recovery codes and the switch are under Security.'
					: 'Six digits from an app on your phone, asked for at sign-in. A passkey needs none.'
			}
			aside={!isOn && <WhatComes />}
		>
			{refusal !== undefined && <Notice kind="stop" title={refusal} isAlert />}
			{!isOn && (
				<Form method="post">
					<Button look="main" big wide name="intent" value="start" isPending={isPending} pendingLabel="Preparing…">
						Set up second factor
					</Button>
				</Form>
			)}
			<p className="soft after">
				<Link to="/settings/security">Back to Security</Link>
			</p>
		</WayPage>
	);
}

function WhatComes() {
	return (
		<>
			<h2>What comes</h2>
			<LifeLine
				marks={[
					{ key: 'scan', what: 'You scan a code with an app', when: 'any authenticator app will do' },
					{ key: 'confirm', what: 'You type what it shows', when: 'so that we know it works' },
					{ key: 'keep', what: 'You keep ten recovery codes', when: 'for the day the phone is gone' },
				]}
			/>
		</>
	);
}

function Enrol({ enrolment, errors }: { enrolment: Enrolment; errors: Errors<'code'> }) {
	const isPending = useNavigation().formMethod === 'POST';
	return (
		<WayPage title="Scan this" lead="With an authenticator app on your phone. It then shows six digits.">
			<Secret {...enrolment} />
			<Form method="post" noValidate={errors.code !== undefined}>
				<input type="hidden" name="intent" value="confirm" />
				<input type="hidden" name="uri" value={enrolment.uri} />
				<input type="hidden" name="secret" value={enrolment.secret} />
				{errors.form !== undefined && <Notice kind="stop" title={errors.form} isAlert />}
				<CodeField label="Code from the app" error={errors.code} />
				<Button look="main" big wide isPending={isPending} pendingLabel="Checking…">
					Switch on second factor
				</Button>
			</Form>
			<p className="soft after">
				<Link to="/settings/security">Leave it off</Link>
			</p>
		</WayPage>
	);
}
