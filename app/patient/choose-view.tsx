import { CircleAlert } from 'lucide-react';

import { authorizationDay, channelSentences } from '../../studios/authorization';
import { Button } from '../components/button';
import { Choice } from '../components/choice';
import { Field } from '../components/field';
import { useShell, useStudio } from '../shell';
import { sectionsOf, type Offer } from './answers';
import { AUTHORITY_MAX, type ChoiceErrors, type Choices } from './choices';
import { WordsDocument } from './words-document';

interface ChooseViewProps {
	readonly offer: Offer;
	readonly choices: Choices;
	readonly errors: ChoiceErrors;
}

/** The first of two pages before a signature: what is asked, and what of it is allowed. Nothing is kept of it. */
export function ChooseView({ offer: { practice, words }, choices, errors }: ChooseViewProps) {
	const { nowMs } = useShell();
	const studio = useStudio();
	const sections = sectionsOf(words, studio, nowMs);
	const about = sections[0]?.paragraphs[0] ?? '';
	return (
		<div className="wrap patient-page">
			<header>
				<p className="step">Step 1 of 2</p>
				<h1>May {practice} use your photo?</h1>
			</header>
			<p className="serif asks">{about}</p>
			<p className="soft">You decide. If you close this page, nothing happens, and your treatment is the same.</p>
			<form method="post" noValidate>
				<fieldset aria-describedby={errors.channels === undefined ? undefined : 'channels-error'}>
					<legend>What do you allow?</legend>
					{words.channels.map((channel) => (
						<Choice
							key={channel}
							type="checkbox"
							name="channels"
							value={channel}
							defaultChecked={choices.channels.includes(channel)}
						>
							{channelSentences(channel, words).join(' ')}
						</Choice>
					))}
					<Wrong id="channels-error">{errors.channels}</Wrong>
				</fieldset>
				<Field
					label="Until when?"
					name="expiresOn"
					type="date"
					min={new Date(nowMs).toISOString().slice(0, 'YYYY-MM-DD'.length)}
					max={words.expiresAt.slice(0, 'YYYY-MM-DD'.length)}
					defaultValue={choices.expiresOn}
					hint={`${authorizationDay(Date.parse(words.expiresAt))} at the latest. You can end it sooner at any time.`}
					error={errors.expiresOn}
				/>
				{words.signerRole === 'representative' && (
					<Field
						label="Why may you sign for the patient?"
						name="authority"
						autoComplete="off"
						maxLength={AUTHORITY_MAX}
						defaultValue={choices.authority}
						hint="Such as: mother, father, legal guardian. For a patient under 18, a parent or a guardian signs."
						error={errors.authority}
					/>
				)}
				<Button look="main" wide big name="intent" value="read">
					Read and sign
				</Button>
			</form>
			<details className="fold">
				<summary>See all the words first</summary>
				<WordsDocument sections={sections} label="What you are asked to sign" />
			</details>
		</div>
	);
}

function Wrong({ id, children }: { id: string; children: string | undefined }) {
	if (children === undefined) return null;
	return (
		<p className="err" id={id}>
			<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
			<span>{children}</span>
		</p>
	);
}
