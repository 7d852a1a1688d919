import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useRevalidator } from '@remix-run/react';
import { CircleAlert, Fingerprint } from 'lucide-react';
import { useState } from 'react';

import { addPasskey } from '../auth/passkey-ceremony';
import { Button } from '../components/button';
import { Field } from '../components/field';
import { useHydrated } from '../hydrated';

/** Makes a passkey on this device. A name comes first, so that two phones can be told apart later. */
export function AddPasskey() {
	const isLive = useHydrated();
	const [isPending, setIsPending] = useState(false);
	const [sentence, setSentence] = useState<string | null>(null);
	const { revalidate } = useRevalidator();
	const isAble = isLive && browserSupportsWebAuthn();

	const add = async (name: string) => {
		setIsPending(true);
		setSentence(null);
		const outcome = await addPasskey(name);
		setIsPending(false);
		if (outcome.kind === 'done') revalidate();
		if (outcome.kind === 'refused') {
			if (outcome.code === 'reauthentication_required') location.assign('/prove?next=/settings/security');
			else setSentence(outcome.sentence);
		}
	};

	return (
		<form
			className="one-line"
			onSubmit={(event) => {
				event.preventDefault();
				const name = new FormData(event.currentTarget).get('name');
				if (isAble && typeof name === 'string') void add(name.trim());
			}}
		>
			<Field
				label="Name of the passkey"
				name="name"
				defaultValue="This device"
				required
				maxLength={60}
				autoComplete="off"
			/>
			<Button
				look="line"
				aria-disabled={!isAble}
				aria-describedby="passkey-needs"
				isPending={isPending}
				pendingLabel="Waiting for the device…"
			>
				<Fingerprint size={18} strokeWidth={1.75} aria-hidden="true" />
				Add a passkey
			</Button>
			<noscript>
				<p className="hint">A passkey needs JavaScript, which is off in this browser.</p>
			</noscript>
			{isLive && !isAble && <p className="hint">This browser has no passkeys.</p>}
			{sentence !== null && (
				<p className="err" role="alert">
					<CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />
					<span>{sentence}</span>
				</p>
			)}
		</form>
	);
}
