import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { useHydrated } from '../hydrated';
import { CurlExample } from './curl-example';

interface MadeKeyProps {
	readonly made: { readonly name: string; readonly key: string; readonly expiresAt: string };
	readonly origin: string;
}

/** The key, shown once: it stands in the answer that made it and nowhere else. */
export function MadeKey({ made, origin }: MadeKeyProps) {
	return (
		<div className="stack-5 made-key">
			<Notice kind="soon" title="It is shown this once">
				We keep no copy, so nobody can show it again, and neither can we. If it is lost, revoke it and make another.
			</Notice>
			<KeyField value={made.key} />
			<div className="stack-2">
				<h2 className="h3">What to do with it</h2>
				<ol className="soft numbered">
					<li>Put it into the program’s secrets, never into its code or a mail.</li>
					<li>Send it as a bearer token with every request.</li>
					<li>
						Make a new one before <Time at={made.expiresAt} as="day" />, when this one ends.
					</li>
				</ol>
			</div>
			<CurlExample origin={origin} label="To try it, in a shell where AFTERGLOW_KEY is the key:" />
			<div className="row">
				<ButtonLink to="/practice/keys" look="main">
					I have put it away
				</ButtonLink>
			</div>
		</div>
	);
}

const SAYS_COPIED_MS = 4_000;

function KeyField({ value }: { value: string }) {
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
			// The browser forbids it: the key is selected, and its own copying is one key stroke away.
		}
	};
	const Icon = isCopied ? Check : Copy;
	return (
		<div className="field">
			<label htmlFor="made-key">Key</label>
			<div className="key-line">
				<textarea
					ref={field}
					rows={2}
					id="made-key"
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
