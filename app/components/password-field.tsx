import { useState } from 'react';

import { useHydrated } from '../hydrated';
import { PASSWORD_LENGTH_MIN } from '../password-rule';
import { Field } from './field';

interface PasswordFieldProps {
	readonly error?: string | undefined;
	/** A new one says its rule and counts; one that exists is only typed. */
	readonly isNew: boolean;
}

export function PasswordField({ error, isNew }: PasswordFieldProps) {
	const isLive = useHydrated();
	const [isShown, setIsShown] = useState(false);
	const [length, setLength] = useState(0);
	return (
		<div className="pw">
			<Field
				label="Password"
				id="password"
				name="password"
				type={isShown ? 'text' : 'password'}
				autoComplete={isNew ? 'new-password' : 'current-password'}
				required
				minLength={isNew ? PASSWORD_LENGTH_MIN : undefined}
				onChange={(event) => setLength(event.currentTarget.value.length)}
				error={error}
				{...(isNew ? { hint: <NewHint length={length} /> } : {})}
				after={
					isLive && (
						<button type="button" aria-pressed={isShown} aria-controls="password" onClick={() => setIsShown(!isShown)}>
							{isShown ? 'Hide' : 'Show'}
							<span className="vh"> password</span>
						</button>
					)
				}
			/>
		</div>
	);
}

function NewHint({ length }: { length: number }) {
	const rule = `${PASSWORD_LENGTH_MIN} characters or more. Four or five words are easy to remember.`;
	if (length === 0) return rule;
	if (length < PASSWORD_LENGTH_MIN)
		return `${length} of ${PASSWORD_LENGTH_MIN} characters. Four or five words are easy to remember.`;
	return `${length} characters. Long enough.`;
}
