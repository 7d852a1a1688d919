import { useId, useState, type ReactNode } from 'react';

import { useHydrated } from '../hydrated';
import { PASSWORD_LENGTH_MIN } from '../password-rule';
import { Field } from './field';

interface PasswordFieldProps {
	readonly error?: string | undefined;
	/** A new one says its rule and counts; one that exists is only typed. */
	readonly isNew: boolean;
	readonly label?: string;
	readonly name?: string;
	/** The shortest that a new one may be. */
	readonly min?: number;
	/** Right of the label: where to go when it is forgotten. */
	readonly aside?: ReactNode;
}

export function PasswordField(props: PasswordFieldProps) {
	const { error, isNew, label = 'Password', name = 'password', min = PASSWORD_LENGTH_MIN, aside } = props;
	const isLive = useHydrated();
	const [isShown, setIsShown] = useState(false);
	const [length, setLength] = useState(0);
	const id = useId();
	return (
		<div className="pw">
			<Field
				label={label}
				id={id}
				name={name}
				type={isShown ? 'text' : 'password'}
				autoComplete={isNew ? 'new-password' : 'current-password'}
				autoCapitalize="none"
				spellCheck={false}
				required
				minLength={isNew ? min : undefined}
				onChange={(event) => setLength(Array.from(event.currentTarget.value).length)}
				error={error}
				aside={aside}
				{...(isNew ? { hint: newHint(length, min) } : {})}
				after={
					isLive && (
						<button type="button" aria-pressed={isShown} aria-controls={id} onClick={() => setIsShown(!isShown)}>
							{isShown ? 'Hide' : 'Show'}
							<span className="vh"> {label.toLowerCase()}</span>
						</button>
					)
				}
			/>
		</div>
	);
}

function newHint(length: number, min: number): string {
	const tip = 'Four or five words are easy to remember.';
	if (length === 0) return `${min} characters or more. ${tip}`;
	if (length < min) return `${length} of ${min} characters. ${tip}`;
	return `${length} characters. Long enough.`;
}
