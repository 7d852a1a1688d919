import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, Form, useActionData, useNavigation } from '@remix-run/react';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { z } from 'zod';

import { apiFor, turnedAway } from '../api';
import { ActionBar } from '../components/action-bar';
import { Button, ButtonLink } from '../components/button';
import { Field } from '../components/field';
import { Page } from '../components/page';
import { signInPath } from '../paths';
import { refusalHere } from '../smile/refusal-here';
import { requireSmileTool } from '../smile/require-smile-tool';
import { smileStyles } from '../smile/styles';
import { WizardSteps, wizardPaths } from '../smile/wizard-steps';
import { titled } from '../title';

const REFERENCE_LENGTH_MAX = 40;

export const meta = titled('New smile');
export const links = smileStyles;

const Patient = z.object({
	reference: z
		.string()
		.trim()
		.min(1, 'Type your own reference for the patient, such as M-2041.')
		.max(REFERENCE_LENGTH_MAX, `A reference has ${REFERENCE_LENGTH_MAX} characters at most. Use a shorter one.`)
		.refine((reference) => !looksLikePerson(reference), {
			message:
				'This looks like a name or a birthday. Use your own number, such as M-2041; we do not want to know who it is.',
		}),
});

/** Two words of letters are a name, and three groups of digits a day: neither belongs in a reference. */
function looksLikePerson(reference: string): boolean {
	const isName = /^\p{Lu}\p{Ll}+[,\s]+\p{Lu}[\p{Ll}'’-]+/u.test(reference);
	const isDay = /\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b/.test(reference);
	return isName || isDay;
}

export async function loader({ request, context }: LoaderFunctionArgs) {
	requireSmileTool(context);
	const answer = await apiFor(context, request).v1.session.$get();
	if (!answer.ok) throw await turnedAway(answer, request);
	const session = await answer.json();
	if (!session.signedIn) throw redirect(signInPath(request));
	return null;
}

export async function action({ request, context }: ActionFunctionArgs) {
	requireSmileTool(context);
	const form = await request.formData();
	const typed = form.get('reference');
	const refused = (error: string, status: number) =>
		data({ error, reference: typeof typed === 'string' ? typed : '' }, status);

	const patient = Patient.safeParse({ reference: typed ?? '' });
	if (!patient.success) return refused(patient.error.issues[0]?.message ?? '', 400);
	const answer = await apiFor(context, request).v1.subjects.$post({ json: patient.data });
	if (!answer.ok) return refused((await refusalHere(answer, request)).message, answer.status);
	return redirect(wizardPaths.consent((await answer.json()).id));
}

export default function PatientStep() {
	const answer = useActionData<typeof action>();
	const isPending = useNavigation().state !== 'idle';
	return (
		<>
			<Page>
				<WizardSteps now="Patient" />
				<h1 className="wizard-title">Who is it for?</h1>
				<Form id="patient" method="post" noValidate className="patient">
					<Field
						label="Patient reference"
						name="reference"
						autoComplete="off"
						autoCapitalize="characters"
						spellCheck={false}
						maxLength={REFERENCE_LENGTH_MAX}
						defaultValue={answer?.reference}
						error={answer?.error}
						hint="Your own number for this patient, such as M-2041. Not a name: we do not want to know who it is. The same reference again finds the same patient."
					/>
				</Form>
			</Page>
			<ActionBar
				back={
					<ButtonLink to="/smiles">
						<ArrowLeft size={18} strokeWidth={1.75} aria-hidden="true" />
						Smiles
					</ButtonLink>
				}
				next={
					<Button look="main" form="patient" isPending={isPending} pendingLabel="Opening…">
						Consent
						<ArrowRight size={18} strokeWidth={1.75} aria-hidden="true" />
					</Button>
				}
			/>
		</>
	);
}
