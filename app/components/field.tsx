import { CircleAlert } from 'lucide-react';
import {
	useId,
	type InputHTMLAttributes,
	type ReactNode,
	type SelectHTMLAttributes,
	type TextareaHTMLAttributes,
} from 'react';

interface FieldText {
	readonly label: string;
	readonly hint?: ReactNode;
	/** What is wrong and what to type instead. */
	readonly error?: string | undefined;
}

type FieldProps = FieldText &
	InputHTMLAttributes<HTMLInputElement> & {
		/** Inside the field, at its end. */
		readonly after?: ReactNode;
		/** Right of the label: a link that belongs to this field. */
		readonly aside?: ReactNode;
	};

export function Field({ label, hint, error, after, aside, ...input }: FieldProps) {
	const { id, describedBy } = useFieldIds(input.id, hint, error);
	return (
		<div className="field">
			{aside === undefined ? (
				<label htmlFor={id}>{label}</label>
			) : (
				<div className="label-row">
					<label htmlFor={id}>{label}</label>
					{aside}
				</div>
			)}
			<div className="with">
				<input className="input" {...input} id={id} aria-invalid={error !== undefined} aria-describedby={describedBy} />
				{after}
			</div>
			<FieldNotes id={id} hint={hint} error={error} />
		</div>
	);
}

type TextFieldProps = FieldText & TextareaHTMLAttributes<HTMLTextAreaElement>;

export function TextField({ label, hint, error, ...input }: TextFieldProps) {
	const { id, describedBy } = useFieldIds(input.id, hint, error);
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<textarea
				className="input"
				{...input}
				id={id}
				aria-invalid={error !== undefined}
				aria-describedby={describedBy}
			/>
			<FieldNotes id={id} hint={hint} error={error} />
		</div>
	);
}

type SelectFieldProps = FieldText & SelectHTMLAttributes<HTMLSelectElement>;

/** More than four words to choose from. The browser's own list: keyboard, phones and no script come with it. */
export function SelectField({ label, hint, error, children, ...select }: SelectFieldProps) {
	const { id, describedBy } = useFieldIds(select.id, hint, error);
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<select className="input" {...select} id={id} aria-invalid={error !== undefined} aria-describedby={describedBy}>
				{children}
			</select>
			<FieldNotes id={id} hint={hint} error={error} />
		</div>
	);
}

function useFieldIds(given: string | undefined, hint: ReactNode, error: string | undefined) {
	const own = useId();
	const id = given ?? own;
	const notes = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean);
	return { id, describedBy: notes.length > 0 ? notes.join(' ') : undefined };
}

function FieldNotes({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
	return (
		<>
			{hint !== undefined && (
				<p className="hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
			{error !== undefined && (
				<p className="err" id={`${id}-error`}>
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{error}</span>
				</p>
			)}
		</>
	);
}
