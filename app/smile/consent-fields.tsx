import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import { useId, type ReactNode } from 'react';

import { MINOR_RULE } from '../../studios/consent-rules';
import { Choice } from '../components/choice';
import { Field, TextField } from '../components/field';
import { dayOf, PURPOSES, type ConsentDraft, type Missing } from './consent-draft';

interface ConsentFieldsProps {
	/** What the fields start with. */
	readonly start: ConsentDraft;
	/** What stands in them now. */
	readonly draft: ConsentDraft;
	readonly missing: Missing;
}

/** Every element of 45 CFR 164.508(c), as rows: the usual ones are filled and fold open, the rest is asked. */
export function ConsentFields({ start, draft, missing }: ConsentFieldsProps) {
	const isRead = draft.toldOfRevocation && draft.toldTreatmentNotConditioned && draft.toldOfRedisclosure;
	const isSigned = draft.signerName !== '' && (draft.signerRole === 'patient' || draft.representativeAuthority !== '');
	return (
		<div className="el">
			<FoldedRow title="Which pictures" value={draft.description} error={missing['description']}>
				<TextField
					label="Which pictures this covers"
					name="description"
					rows={3}
					maxLength={500}
					defaultValue={start.description}
					error={missing['description']}
				/>
			</FoldedRow>
			<FoldedRow title="Who may send it" value={draft.discloser} error={missing['discloser']}>
				<Field
					label="Who may send the photo"
					name="discloser"
					maxLength={200}
					defaultValue={start.discloser}
					error={missing['discloser']}
				/>
			</FoldedRow>
			<FoldedRow title="Who receives it" value={draft.recipient} error={missing['recipient']}>
				<TextField
					label="Who receives it"
					name="recipient"
					rows={3}
					maxLength={300}
					defaultValue={start.recipient}
					error={missing['recipient']}
				/>
			</FoldedRow>
			<Row title="What for" isThere={draft.purposes.length > 0} error={missing['purposes']}>
				{PURPOSES.map(({ value, label }) => (
					<Choice
						key={value}
						type="checkbox"
						name="purposes"
						value={value}
						defaultChecked={start.purposes.includes(value)}
					>
						{label}
					</Choice>
				))}
			</Row>
			<Row title="Until when" isThere={dayOf(draft.expiresOn) !== null}>
				<Field
					label="The consent ends on"
					name="expiresOn"
					type="date"
					defaultValue={start.expiresOn}
					hint="One year is usual, and the most that California allows."
					error={missing['expiresAt']}
				/>
			</Row>
			<Row title="Read out to the patient" isThere={isRead}>
				<Statement name="toldOfRevocation" start={start} missing={missing}>
					It can be revoked in writing at any time. Then the photo and all that was made from it are deleted. What
					others saved before stays with them.
				</Statement>
				<Statement name="toldTreatmentNotConditioned" start={start} missing={missing}>
					Treatment does not depend on signing.
				</Statement>
				<Statement name="toldOfRedisclosure" start={start} missing={missing}>
					Whoever receives the video might pass it on.
				</Statement>
			</Row>
			<Row title="Signature" isThere={isSigned}>
				<Signature start={start} missing={missing} />
			</Row>
		</div>
	);
}

function Signature({ start, missing }: { start: ConsentDraft; missing: Missing }) {
	return (
		<div className="stack signature">
			<fieldset>
				<legend className="vh">Who signs</legend>
				<div className="who">
					<Choice type="radio" name="signerRole" value="patient" defaultChecked={start.signerRole === 'patient'}>
						The patient signs
					</Choice>
					<Choice
						type="radio"
						name="signerRole"
						value="representative"
						defaultChecked={start.signerRole === 'representative'}
					>
						Someone signs for them
					</Choice>
				</div>
			</fieldset>
			<div className="authority">
				<Field
					label="Why they may sign"
					name="representativeAuthority"
					maxLength={200}
					defaultValue={start.representativeAuthority}
					placeholder="Parent, guardian, power of attorney"
					error={missing['representativeAuthority']}
				/>
			</div>
			<div className="authority">
				<Field
					label={`Of a minor: the day they turn ${MINOR_RULE.comesOfAge}`}
					name="comesOfAgeOn"
					type="date"
					defaultValue={start.comesOfAgeOn}
					hint="The consent ends then at the latest, and the patient is asked themselves. The day itself is not kept."
				/>
			</div>
			<Field
				label="Full name of who signs"
				name="signerName"
				autoComplete="off"
				maxLength={120}
				defaultValue={start.signerName}
				hint="Typing the name here is the signature. It is kept with the consent and sent nowhere."
				error={missing['signerName'] ?? missing['signedAt']}
			/>
		</div>
	);
}

type Statements = 'toldOfRevocation' | 'toldTreatmentNotConditioned' | 'toldOfRedisclosure';

function Statement(props: { name: Statements; start: ConsentDraft; missing: Missing; children: ReactNode }) {
	const { name, start, missing, children } = props;
	const error = missing[name];
	const id = useId();
	return (
		<div>
			<Choice
				type="checkbox"
				name={name}
				defaultChecked={start[name]}
				aria-invalid={error !== undefined}
				aria-describedby={error === undefined ? undefined : id}
			>
				{children}
			</Choice>
			{error !== undefined && <Wrong id={id}>{error}</Wrong>}
		</div>
	);
}

interface RowProps {
	readonly title: string;
	readonly isThere: boolean;
	readonly error?: string | undefined;
	readonly children: ReactNode;
}

function Row({ title, isThere, error, children }: RowProps) {
	return (
		<fieldset className="el-row">
			<legend className="el-head">
				<There isThere={isThere} />
				<b>{title}</b>
			</legend>
			<div className="el-body">
				{children}
				{error !== undefined && <Wrong>{error}</Wrong>}
			</div>
		</fieldset>
	);
}

/** A filled element: read as it is, opened to change it. */
function FoldedRow(props: { title: string; value: string; error: string | undefined; children: ReactNode }) {
	const { title, value, error, children } = props;
	return (
		<details className="el-row" open={error !== undefined || undefined}>
			<summary className="el-head">
				<There isThere={value !== ''} />
				<b>{title}</b>
				<span className="change">Change</span>
				<span className="value">{value === '' ? 'Still to write' : value}</span>
			</summary>
			<div className="el-body">{children}</div>
		</details>
	);
}

function There({ isThere }: { isThere: boolean }) {
	const Icon = isThere ? CircleCheck : CircleDashed;
	return (
		<span className={isThere ? 'ok' : 'miss'}>
			<Icon size={20} strokeWidth={1.75} aria-hidden="true" />
			<span className="vh">{isThere ? 'There: ' : 'Missing: '}</span>
		</span>
	);
}

function Wrong({ id, children }: { id?: string; children: string }) {
	return (
		<p className="err" id={id}>
			<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
			<span>{children}</span>
		</p>
	);
}
