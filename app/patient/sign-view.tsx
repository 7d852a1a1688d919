import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '../components/button';
import { Choice } from '../components/choice';
import { Field } from '../components/field';
import { Notice } from '../components/notice';
import { useShell, useStudio } from '../shell';
import { sectionsOf, type Offer } from './answers';
import { chosenWords, type Choices } from './choices';
import { SignaturePad } from './signature-pad';
import { TOLD, type Signing, type SigningErrors } from './signing';
import { WordsDocument } from './words-document';

interface SignViewProps {
	readonly offer: Offer;
	readonly choices: Choices;
	readonly signing: Signing;
	readonly errors: SigningErrors;
}

/** The second page: exactly the words that are signed, and below them the signature. */
export function SignView({ offer, choices, signing, errors }: SignViewProps) {
	const { nowMs } = useShell();
	const studio = useStudio();
	const isForOther = offer.words.signerRole === 'representative';
	return (
		<div className="wrap patient-page">
			<header>
				<p className="step">Step 2 of 2</p>
				<h1>Read this, then sign</h1>
			</header>
			{errors.form !== undefined && (
				<Notice kind="stop" title="It is not signed yet" isAlert>
					{errors.form}
				</Notice>
			)}
			<WordsDocument sections={sectionsOf(chosenWords(offer, choices), studio, nowMs)} label="What you sign" />
			<form method="post" noValidate>
				<Chosen choices={choices} />
				<fieldset>
					<legend>Tick what you have read</legend>
					{TOLD.map(({ name, label }) => (
						<Told key={name} name={name} isTicked={signing.told.includes(name)} error={errors[name]}>
							{label}
						</Told>
					))}
				</fieldset>
				<Field
					label={isForOther ? 'Your full name, not the patient’s' : 'Your full name'}
					name="signerName"
					autoComplete="name"
					maxLength={200}
					required
					defaultValue={signing.signerName}
					hint="Your typed name is your signature."
					error={errors.signerName}
				/>
				<SignaturePad start={signing.drawing} />
				<div className="stack">
					<Button look="main" wide big name="intent" value="sign">
						Sign
					</Button>
					<Button look="line" wide name="intent" value="choose" formNoValidate>
						Back to what you allow
					</Button>
				</div>
			</form>
		</div>
	);
}

/** They travel with the signature: nothing is kept between the two pages. */
function Chosen({ choices: { channels, expiresOn, authority } }: { choices: Choices }) {
	return (
		<>
			{channels.map((channel) => (
				<input key={channel} type="hidden" name="channels" value={channel} />
			))}
			<input type="hidden" name="expiresOn" value={expiresOn} />
			<input type="hidden" name="authority" value={authority} />
		</>
	);
}

function Told(props: { name: string; isTicked: boolean; error: string | undefined; children: ReactNode }) {
	const { name, isTicked, error, children } = props;
	const id = `${name}-error`;
	return (
		<div>
			<Choice
				type="checkbox"
				name={name}
				value="yes"
				defaultChecked={isTicked}
				aria-invalid={error !== undefined}
				aria-describedby={error === undefined ? undefined : id}
			>
				{children}
			</Choice>
			{error !== undefined && (
				<p className="err" id={id}>
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{error}</span>
				</p>
			)}
		</div>
	);
}
