import { useNavigate } from '@remix-run/react';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { CircleAlert, Fingerprint } from 'lucide-react';
import { useState } from 'react';

import { Button } from '../components/button';
import { useHydrated } from '../hydrated';
import { proveByPasskey } from './passkey-ceremony';

/** Shows with a passkey who is there, and goes back to `next`. Script is all that can ask a device. */
export function ProofByPasskey({ next }: { next: string }) {
	const isLive = useHydrated();
	const navigate = useNavigate();
	const [isPending, setIsPending] = useState(false);
	const [sentence, setSentence] = useState<string | null>(null);
	const isAble = isLive && browserSupportsWebAuthn();

	const prove = async () => {
		setIsPending(true);
		setSentence(null);
		const outcome = await proveByPasskey();
		setIsPending(false);
		if (outcome.kind === 'done') navigate(next === '' ? '/settings/security' : next);
		if (outcome.kind === 'refused') setSentence(outcome.sentence);
	};

	return (
		<div className="ways">
			<Button
				look="line"
				wide
				type="button"
				aria-disabled={!isAble}
				isPending={isPending}
				pendingLabel="Waiting for the passkey…"
				onClick={() => {
					if (isAble) void prove();
				}}
			>
				<Fingerprint size={18} strokeWidth={1.75} aria-hidden="true" />
				Use a passkey
			</Button>
			<noscript>
				<p className="hint">A passkey needs JavaScript, which is off in this browser.</p>
			</noscript>
			{sentence !== null && (
				<p className="err" role="alert">
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{sentence}</span>
				</p>
			)}
		</div>
	);
}
