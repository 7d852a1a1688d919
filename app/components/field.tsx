import { CircleAlert } from 'lucide-react';
import { useId, type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes } from 'react';

interface FieldText {
	readonly label: string;
	readonly hint?: ReactNode;
	/** What is wrong and what to type instead. */
	readonly error?: string | undefined;
}

type FieldProps = FieldText & InputHTMLAttributes<HTMLInputElement> & { readonly after?: ReactNode };

export function Field({ label, hint, error, after, ...input }: FieldProps) {
	const { id, describedBy } = useFieldIds(input.id, hint, error);
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
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
