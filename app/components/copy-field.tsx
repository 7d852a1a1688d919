import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { useHydrated } from '../hydrated';
import { Button } from './button';

const SAYS_COPIED_MS = 4_000;

/** Text to take away, whole: selected when it is entered, and copied by a button where script runs. */
export function CopyField({ id, label, value }: { id: string; label: string; value: string }) {
	const isLive = useHydrated();
	const field = useRef<HTMLTextAreaElement>(null);
	const [isCopied, setIsCopied] = useState(false);
	useEffect(() => {
		if (!isCopied) return undefined;
		const timer = setTimeout(() => setIsCopied(false), SAYS_COPIED_MS);
		return () => {
			clearTimeout(timer);
		};
	}, [isCopied]);
	const copy = async () => {
		field.current?.select();
		try {
			await navigator.clipboard.writeText(value);
			setIsCopied(true);
		} catch {
			// The browser forbids it: the text is selected, and its own copying is one key stroke away.
		}
	};
	const Icon = isCopied ? Check : Copy;
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<div className="key-line">
				<textarea
					ref={field}
					rows={2}
					id={id}
					className="input mono"
					readOnly
					value={value}
					autoComplete="off"
					spellCheck={false}
					onFocus={(event) => event.currentTarget.select()}
				/>
				{isLive && (
					<Button type="button" look="line" onClick={() => void copy()}>
						<Icon size={18} strokeWidth={1.75} aria-hidden="true" />
						Copy
					</Button>
				)}
			</div>
			<output className="hint small muted">{isCopied ? 'Copied.' : ''}</output>
		</div>
	);
}
