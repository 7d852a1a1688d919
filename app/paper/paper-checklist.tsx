import { Form } from '@remix-run/react';
import { CircleAlert } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';

import { Choice } from '../components/choice';
import { Field, TextField } from '../components/field';
import { MINOR_RULE } from '../../studios/consent-rules';
import { PURPOSES } from '../smile/consent-draft';
import { paperOf, ROWS, type Element, type PaperDraft } from './paper-draft';

interface PaperChecklistProps {
	readonly id: string;
	readonly start: PaperDraft;
	/** What is wrong, by element. */
	readonly wrong: Readonly<Record<string, string>>;
}

/** Each element as a row: what to look for, what stands there, and a tick that it was seen. Works without script. */
export function PaperChecklist({ id, start, wrong }: PaperChecklistProps) {
	const [role, setRole] = useState(start.words.signerRole);
	const rows = ROWS.filter(({ element }) => element !== 'representativeAuthority' || role === 'representative');
	return (
		<Form
			id={id}
			method="post"
			noValidate
			className="el"
			onChange={(event) => setRole(paperOf(new FormData(event.currentTarget)).words.signerRole)}
		>
			{rows.map((row) => (
				<Row key={row.element} {...row} start={start} wrong={wrong[row.element]}>
					{FIELDS[row.element]?.(start)}
				</Row>
			))}
		</Form>
	);
}

interface RowProps {
	readonly element: Element;
	readonly title: string;
	readonly look: string;
	readonly start: PaperDraft;
	readonly wrong: string | undefined;
	readonly children: ReactNode;
}

function Row({ element, title, look, start, wrong, children }: RowProps) {
	const id = useId();
	return (
		<fieldset className="el-row paper-row" aria-describedby={`${id}-look`}>
			<legend>
				<b>{title}</b>
			</legend>
			<p className="soft" id={`${id}-look`}>
				{look}
			</p>
			{children}
			<Choice
				type="checkbox"
				name="checked"
				value={element}
				defaultChecked={start.checked.includes(element)}
				aria-invalid={wrong !== undefined}
				aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
			>
				I see it on the paper<span className="vh">: {title}</span>
			</Choice>
			{wrong !== undefined && (
				<p className="err" id={`${id}-wrong`}>
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{wrong}</span>
				</p>
			)}
		</fieldset>
	);
}

/** What is typed of each element that has words or a date of its own. */
const FIELDS: Partial<Record<Element, (start: PaperDraft) => ReactNode>> = {
	description: ({ words }) => (
		<TextField
			label="Which pictures, as the paper says it"
			name="description"
			rows={2}
			maxLength={500}
			defaultValue={words.description}
		/>
	),
	discloser: ({ words }) => (
		<Field label="Who may send them" name="discloser" maxLength={200} defaultValue={words.discloser} />
	),
	recipient: ({ words }) => (
		<TextField label="Who receives them" name="recipient" rows={2} maxLength={300} defaultValue={words.recipient} />
	),
	purposes: ({ words }) =>
		PURPOSES.map(({ value, label }) => (
			<Choice key={value} type="checkbox" name="purposes" value={value} defaultChecked={words.purposes.includes(value)}>
				{label}
			</Choice>
		)),
	expiresAt: ({ words }) => <Field label="It ends on" name="expiresOn" type="date" defaultValue={words.expiresOn} />,
	signerRole: ({ words }) => (
		<div className="who">
			<Choice type="radio" name="signerRole" value="patient" defaultChecked={words.signerRole === 'patient'}>
				The patient signed
			</Choice>
			<Choice
				type="radio"
				name="signerRole"
				value="representative"
				defaultChecked={words.signerRole === 'representative'}
			>
				Someone signed for them
			</Choice>
		</div>
	),
	representativeAuthority: ({ words }) => (
		<>
			<Field
				label="As what they signed"
				name="representativeAuthority"
				maxLength={200}
				defaultValue={words.representativeAuthority}
				placeholder="Parent, guardian, power of attorney"
			/>
			<Field
				label={`Of a minor: the day they turn ${MINOR_RULE.comesOfAge}`}
				name="comesOfAgeOn"
				type="date"
				defaultValue={words.comesOfAgeOn}
				hint="The consent ends then at the latest. The day itself is not kept."
			/>
		</>
	),
	signerName: ({ words }) => (
		<Field
			label="Whose signature it is"
			name="signerName"
			autoComplete="off"
			maxLength={120}
			defaultValue={words.signerName}
		/>
	),
	signedAt: ({ signedOn }) => <Field label="Signed on" name="signedOn" type="date" defaultValue={signedOn} />,
};
