import type { InputHTMLAttributes, ReactNode } from 'react';

type ChoiceProps = InputHTMLAttributes<HTMLInputElement> & {
	readonly type: 'checkbox' | 'radio';
	readonly children: ReactNode;
};

/** A sentence with its box: the whole row is the target. */
export function Choice({ children, ...input }: ChoiceProps) {
	return (
		<label className="choice">
			<input {...input} />
			<span>{children}</span>
		</label>
	);
}
