import type { ReactNode } from 'react';

import { Field } from './field';

interface CodeFieldProps {
	readonly label: string;
	readonly name?: string;
	readonly hint?: ReactNode;
	readonly error?: string | undefined;
	/** Where typing begins on a page that asks for nothing else. */
	readonly isFirst?: boolean;
}

/** Six digits from a mail or an authenticator: phones offer them by themselves, and spaces between them do no harm. */
export function CodeField({ label, name = 'code', hint, error, isFirst = false }: CodeFieldProps) {
	return (
		<div className="code">
			<Field
				label={label}
				name={name}
				hint={hint}
				error={error}
				inputMode="numeric"
				autoComplete="one-time-code"
				autoCapitalize="none"
				spellCheck={false}
				required
				maxLength={12}
				// oxlint-disable-next-line jsx-a11y/no-autofocus -- The code is all there is to type, and the heading says so first.
				autoFocus={isFirst}
			/>
		</div>
	);
}

/** The digits of what was typed or pasted: "123 456" is the code 123456. */
export function codeOf(typed: string): string {
	return typed.replaceAll(/\s/g, '');
}
