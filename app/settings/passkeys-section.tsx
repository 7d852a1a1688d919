import { Form } from '@remix-run/react';
import { Fingerprint } from 'lucide-react';

import { Button } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { Field } from '../components/field';
import { Time } from '../components/time';
import { AddPasskey } from './add-passkey';
import type { Me } from './read-me';

type Passkey = Me['passkeys'][number];

/** The passkeys: each can be named and removed, and one can be added. */
export function PasskeysSection({ passkeys, isLastWay }: { passkeys: readonly Passkey[]; isLastWay: boolean }) {
	return (
		<section className="part">
			<h2>Passkeys</h2>
			{passkeys.length === 0 ? (
				<p className="soft">
					None yet. With a passkey you sign in by fingerprint, face or the device’s code, and no other site can ask for
					it.
				</p>
			) : (
				<ul className="rows">
					{passkeys.map((passkey) => (
						<PasskeyRow key={passkey.id} passkey={passkey} isLastWay={isLastWay} />
					))}
				</ul>
			)}
			<AddPasskey />
		</section>
	);
}

function PasskeyRow({ passkey, isLastWay }: { passkey: Passkey; isLastWay: boolean }) {
	const { id, name, createdAt, isBackedUp } = passkey;
	return (
		<li>
			<div>
				<b className="with-icon">
					<Fingerprint size={18} strokeWidth={1.75} aria-hidden="true" />
					{name}
				</b>
				<span className="small muted">
					Added <Time at={createdAt} as="day" />, {isBackedUp ? 'kept on all your devices' : 'on one device only'}
				</span>
				<details className="rename">
					<summary>
						Rename<span className="vh"> {name}</span>
					</summary>
					<Form method="post" className="one-line">
						<input type="hidden" name="intent" value="rename-passkey" />
						<input type="hidden" name="id" value={id} />
						<Field label="New name" name="name" defaultValue={name} required maxLength={60} autoComplete="off" />
						<Button look="line">Rename</Button>
					</Form>
				</details>
			</div>
			{isLastWay ? (
				<span className="small muted">Your only way in. Add another before you remove it.</span>
			) : (
				<ConfirmForm
					fields={{ intent: 'remove-passkey', id }}
					label="Remove passkey"
					about={name}
					pendingLabel="Removing…"
					look="quiet"
					question={`Remove ${name}?`}
					consequence="It stops working here at once. Delete it on the device too, or the device goes on offering it."
				/>
			)}
		</li>
	);
}
