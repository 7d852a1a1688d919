import { Form } from '@remix-run/react';

import type { Role } from '../../studios/roles';
import { Button } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { Chip } from '../components/chip';
import { Time } from '../components/time';
import { roleWords } from '../roles';

export interface Invitation {
	readonly id: string;
	readonly email: string;
	readonly role: Role;
	readonly state: 'open' | 'expired';
	readonly invitedBy: { readonly name: string };
	readonly expiresAt: string;
}

/** Invitations that wait for their answer, or waited in vain. */
export function InvitationRows({ invitations, mayChange }: { invitations: readonly Invitation[]; mayChange: boolean }) {
	if (invitations.length === 0) return <p className="soft">Nobody is invited at the moment.</p>;
	return (
		<ul className="rows">
			{invitations.map((invitation) => (
				<li key={invitation.id}>
					<div>
						<b className="address">{invitation.email}</b>
						<span className="small muted">
							{roleWords(invitation.role)}, invited by {invitation.invitedBy.name}
						</span>
						<Until invitation={invitation} />
					</div>
					{mayChange && <Take invitation={invitation} />}
				</li>
			))}
		</ul>
	);
}

function Take({ invitation: { id, email, state } }: { invitation: Invitation }) {
	const fields = { intent: 'revoke', id };
	if (state === 'expired') {
		return (
			<Form method="post">
				<input type="hidden" name="intent" value={fields.intent} />
				<input type="hidden" name="id" value={id} />
				<Button look="line">
					Clear<span className="vh"> the ended invitation of {email}</span>
				</Button>
			</Form>
		);
	}
	return (
		<ConfirmForm
			fields={fields}
			look="line"
			label="Revoke invitation"
			pendingLabel="Revoking…"
			question={`Revoke the invitation of ${email}?`}
			consequence="The mailed link stops working at once. You can invite the same address again."
		/>
	);
}

function Until({ invitation: { state, expiresAt } }: { invitation: Invitation }) {
	if (state === 'expired') {
		return (
			<span>
				<Chip state="gone">
					<span>
						Ended <Time at={expiresAt} as="day" />
					</span>
				</Chip>
			</span>
		);
	}
	return (
		<span className="small muted">
			Open until <Time at={expiresAt} />
		</span>
	);
}
