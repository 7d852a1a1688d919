import { useState } from 'react';

import { isTreatmentId, type TreatmentId, TREATMENTS } from '../../studios/treatments';
import { Button, ButtonLink } from '../components/button';
import { Choice } from '../components/choice';
import { Field, SelectField } from '../components/field';
import { Notice } from '../components/notice';
import { newOrderKey } from '../order-key';
import { Meter } from '../smile/meter';
import { wizardPaths } from '../smile/wizard-steps';
import type { useSavePair } from './use-save-pair';

interface SavePairFormProps {
	readonly saving: ReturnType<typeof useSavePair>;
	readonly treatment: TreatmentId;
	readonly onTreatment: (treatment: TreatmentId) => void;
	/** The pair as one picture, with its label in it. */
	readonly still: () => Promise<Blob>;
	/** Nothing else on the page is more to be done. */
	readonly isMain: boolean;
}

const REFERENCE_LENGTH_MAX = 40;

/** Whose pair it is, what was done, and the word that nothing was retouched: then it is kept. */
export function SavePairForm({ saving, treatment, onTreatment, still, isMain }: SavePairFormProps) {
	const { state, begin, cancel } = saving;
	const [key] = useState(newOrderKey);
	const [errors, setErrors] = useState<{ reference?: string; attested?: string }>({});
	if (state.at === 'saved') {
		return (
			<Notice
				kind="kept"
				title="The pair is saved"
				actions={<ButtonLink to={`/pairs/${state.renderId}`}>Open the pair of {state.reference}</ButtonLink>}
			>
				It is kept under the consent of this patient, and goes when you delete it or the consent is revoked.
			</Notice>
		);
	}
	const submit = (form: HTMLFormElement) => {
		const fields = new FormData(form);
		const typed = fields.get('reference');
		const reference = typeof typed === 'string' ? typed.trim() : '';
		const wrong = {
			...(reference === '' ? { reference: 'Type your own reference for the patient, such as M-2041.' } : {}),
			...(fields.has('attested') ? {} : { attested: 'Only what you can say this of is kept as a real pair.' }),
		};
		setErrors(wrong);
		if (Object.keys(wrong).length === 0) void begin({ reference, treatment, key }, still);
	};
	return (
		<form
			className="patient stack"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				submit(event.currentTarget);
			}}
		>
			<Field
				label="Patient reference"
				name="reference"
				autoComplete="off"
				autoCapitalize="characters"
				spellCheck={false}
				maxLength={REFERENCE_LENGTH_MAX}
				error={errors.reference}
				hint="Your own number for this patient. They have to have signed a consent."
			/>
			<SelectField
				label="What was done"
				name="treatment"
				value={treatment}
				onChange={(event) => {
					const { value } = event.currentTarget;
					if (isTreatmentId(value)) onTreatment(value);
				}}
			>
				{TREATMENTS.map(({ id, name }) => (
					<option key={id} value={id}>
						{name}
					</option>
				))}
			</SelectField>
			<Choice type="checkbox" name="attested" aria-invalid={errors.attested !== undefined}>
				Both pictures are photographs of this patient, and nothing was retouched in them.
			</Choice>
			{errors.attested !== undefined && <p className="err">{errors.attested}</p>}
			{state.at === 'unsigned' && (
				<Notice
					kind="stop"
					title="No consent of this patient holds"
					isAlert
					actions={
						<ButtonLink to={wizardPaths.consent(state.subjectId)} target="_blank">
							Record a consent in a new tab
						</ButtonLink>
					}
				>
					Nothing was sent. Record it, come back to this tab, and save the pair again: it is still here.
				</Notice>
			)}
			{state.at === 'failed' && (
				<Notice kind="failed" title="The pair was not saved" isAlert>
					{state.sentence}
				</Notice>
			)}
			{state.at === 'saving' && <Meter perCent={Math.round(100 * state.share)} label="Saving the pair" />}
			<div className="row">
				<Button look={isMain ? 'main' : 'line'} isPending={state.at === 'saving'} pendingLabel="Saving…">
					Save this pair
				</Button>
				{state.at === 'saving' && (
					<Button type="button" onClick={cancel}>
						Stop
					</Button>
				)}
			</div>
		</form>
	);
}
