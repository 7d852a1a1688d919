import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser';
import { CircleAlert, Fingerprint } from 'lucide-react';
import { useEffect, useState } from 'react';

import { Button } from '../components/button';
import { useHydrated } from '../hydrated';
import { signInWithPasskey, type Outcome } from './passkey-ceremony';

/**
 * Signs in with a passkey and goes to `to`. The place is kept while the page has no script yet, so nothing moves; without
 * script the button says what it needs.
 */
export function PasskeyButton({ to }: { to: string }) {
	const isLive = useHydrated();
	const [isPending, setIsPending] = useState(false);
	const [sentence, setSentence] = useState<string | null>(null);

	const end = (outcome: Outcome) => {
		setIsPending(false);
		if (outcome.kind === 'done') location.assign(to);
		else setSentence(outcome.kind === 'refused' ? outcome.sentence : null);
	};
	useQuietOffer(end);

	const isAble = isLive && browserSupportsWebAuthn();
	return (
		<div className="passkey">
			<Button
				look="line"
				wide
				type="button"
				aria-disabled={!isAble}
				aria-describedby={isAble ? undefined : 'passkey-needs'}
				isPending={isPending}
				pendingLabel="Waiting for the passkey…"
				onClick={() => {
					if (!isAble) return;
					setIsPending(true);
					setSentence(null);
					void signInWithPasskey({ isQuiet: false }).then(end);
				}}
			>
				<Fingerprint size={18} strokeWidth={1.75} aria-hidden="true" />
				Sign in with a passkey
			</Button>
			<noscript>
				<p className="hint" id="passkey-needs">
					A passkey needs JavaScript, which is off in this browser.
				</p>
			</noscript>
			{isLive && !isAble && (
				<p className="hint" id="passkey-needs">
					This browser has no passkeys. Choose another way.
				</p>
			)}
			{sentence !== null && (
				<p className="err" role="alert">
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{sentence}</span>
				</p>
			)}
		</div>
	);
}

/** Lets the browser offer passkeys among the addresses. Asks nobody, and says nothing unless one was chosen and refused. */
function useQuietOffer(end: (outcome: Outcome) => void): void {
	useEffect(() => {
		let isGone = false;
		const offer = async () => {
			if (!(await browserSupportsWebAuthnAutofill()) || isGone) return;
			const outcome = await signInWithPasskey({ isQuiet: true });
			const isChosen = outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.code === 'invalid_input');
			if (!isGone && isChosen) end(outcome);
		};
		void offer();
		return () => {
			isGone = true;
		};
		// Once a visit: a second offer would end the first one.
		// oxlint-disable-next-line react-hooks/exhaustive-deps
	}, []);
}
