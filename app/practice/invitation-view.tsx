import { Form, useNavigation } from '@remix-run/react';

import type { Role } from '../../studios/roles';
import { StatementChoice } from '../auth/statement-choice';
import { WayPage } from '../auth/way-page';
import { Button, ButtonLink } from '../components/button';
import { LifeLine } from '../components/life-line';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import type { Errors } from '../form';
import { roleWords } from '../roles';
import { useStudio } from '../shell';
import { maskedAddress } from './masked-address';
import { roleSentence } from './role-sentence';
import { INVITATION_DAYS } from './team-limits';

export interface Invitation {
	readonly accountName: string;
	readonly inviterName: string;
	readonly role: Role;
	/** Masked. */
	readonly email: string;
	readonly state: 'open' | 'accepted' | 'revoked' | 'expired';
	readonly expiresAt: string;
}

interface OpenInvitationProps {
	readonly invitation: Invitation;
	/** Who is signed in; null: nobody. */
	readonly person: { readonly email: string; readonly isStated: boolean } | null;
	readonly errors: Errors<'statement'> | undefined;
}

/** Who invites to what, as what and until when, and the way to accept it. */
export function OpenInvitation({ invitation, person, errors }: OpenInvitationProps) {
	const { accountName, inviterName, role, email } = invitation;
	return (
		<WayPage
			title={`Join ${accountName}`}
			lead={`${inviterName} invites you to work there as ${roleWords(role).toLowerCase()}.`}
			aside={<WhatYouJoin invitation={invitation} />}
		>
			{errors?.form !== undefined && <Notice kind="stop" title={errors.form} isAlert />}
			{person === null && <SignInFirst email={email} />}
			{person !== null && maskedAddress(person.email) !== email && <OtherAddress email={email} own={person.email} />}
			{person !== null && maskedAddress(person.email) === email && <Accept person={person} errors={errors} />}
			<NotNow />
		</WayPage>
	);
}

function SignInFirst({ email }: { email: string }) {
	return (
		<div className="stack after">
			<p className="soft">
				It is for <b className="nb">{email}</b>. Sign in with that address, or create an account with it. You come back
				here.
			</p>
			<ButtonLink to="/sign-up?next=/invitations" look="main" big wide>
				Create account
			</ButtonLink>
			<ButtonLink to="/sign-in?next=/invitations" look="line" wide>
				Sign in
			</ButtonLink>
		</div>
	);
}

function OtherAddress({ email, own }: { email: string; own: string }) {
	return (
		<Form method="post" action="/invitations">
			<input type="hidden" name="intent" value="switch" />
			<Notice kind="plain" title={`This invitation is for ${email}`}>
				You are signed in as <span className="address">{own}</span>. Sign in with the address it was sent to, or ask for
				one to yours.
			</Notice>
			<Button look="main" big wide>
				Sign in with another address
			</Button>
		</Form>
	);
}

function Accept({ person, errors }: { person: { isStated: boolean }; errors: Errors<'statement'> | undefined }) {
	const isPending = useNavigation().formData?.get('intent') === 'accept';
	return (
		<Form method="post" action="/invitations" noValidate={errors !== undefined}>
			<input type="hidden" name="intent" value="accept" />
			{person.isStated ? (
				<input type="hidden" name="statement" value="yes" />
			) : (
				<StatementChoice isMade={false} error={errors?.statement} />
			)}
			<Button look="main" big wide isPending={isPending} pendingLabel="Joining…">
				Accept
			</Button>
		</Form>
	);
}

function NotNow() {
	return (
		<Form method="post" action="/invitations" className="not-now">
			<input type="hidden" name="intent" value="forget" />
			<Button look="quiet" wide>
				Not now
			</Button>
		</Form>
	);
}

function WhatYouJoin({ invitation: { role, expiresAt } }: { invitation: Invitation }) {
	const studio = useStudio();
	return (
		<>
			<h2>What you would do there</h2>
			<LifeLine
				marks={[
					{ key: 'role', state: 'done', what: roleWords(role), when: roleSentence(role, studio) },
					{
						key: 'own',
						state: 'done',
						what: 'What you have already stays yours',
						when: `another ${studio.tenancy.word} of yours is one click away`,
					},
					{
						key: 'until',
						what: `The invitation is open for ${INVITATION_DAYS} days`,
						when: (
							<>
								until <Time at={expiresAt} />, once, and for this address only
							</>
						),
					},
				]}
			/>
		</>
	);
}

const OVER = {
	accepted: {
		title: 'This invitation was used',
		sentence: 'It works once. If that was you, you belong there already.',
	},
	revoked: { title: 'This invitation was taken back', sentence: 'Ask whoever sent it for a new one.' },
	expired: {
		title: 'This invitation has ended',
		sentence: `It was open for ${INVITATION_DAYS} days. Ask whoever sent it for a new one.`,
	},
} as const;

/** One that cannot be accepted any more: why, and where to go. */
export function OverInvitation({ invitation, isSignedIn }: { invitation: Invitation; isSignedIn: boolean }) {
	const { state, accountName } = invitation;
	if (state === 'open') return null;
	const { title, sentence } = OVER[state];
	return (
		<WayPage title={title} lead={`${sentence} It was to ${accountName}.`}>
			<div className="stack after">
				{isSignedIn ? (
					<ButtonLink to="/accounts" look="main" big wide>
						Where you work
					</ButtonLink>
				) : (
					<ButtonLink to="/sign-in" look="main" big wide>
						Sign in
					</ButtonLink>
				)}
			</div>
		</WayPage>
	);
}
