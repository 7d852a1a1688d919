import { Form } from '@remix-run/react';

import { Button } from '../components/button';
import { Time } from '../components/time';

/** What a page says of a mailed code: to whom it went, and until when it holds. */
export interface MailedCode {
	readonly email: string;
	readonly sentAtMs: number;
	readonly minutes: number;
}

const MINUTE_MS = 60_000;

/** `isKnown`: the page may say that the mail went out. Elsewhere that would tell a stranger who has an account. */
export function MailedLead({ email, sentAtMs, minutes, isKnown = false }: MailedCode & { readonly isKnown?: boolean }) {
	const address = <b className="address">{email}</b>;
	return (
		<>
			{isKnown ? <>We mailed a code to {address}.</> : <>If {address} has an account, a code is on its way.</>} It holds
			until <Time at={new Date(sentAtMs + minutes * MINUTE_MS).toISOString()} />.
		</>
	);
}

interface AgainProps {
	/** When the last one was mailed. */
	readonly sentAtMs: number;
	readonly isPending: boolean;
}

/** Asks for another code. Only the newest counts, so it says when the last one went out. */
export function MailAnother({ sentAtMs, isPending }: AgainProps) {
	return (
		<Form method="post" className="another">
			<p className="small muted">
				Mailed at <Time at={new Date(sentAtMs).toISOString()} />. Mail can take a minute, and may lie with the spam.
				Only the newest code counts.
			</p>
			<Button look="quiet" name="intent" value="again" isPending={isPending} pendingLabel="Mailing…">
				Mail another code
			</Button>
		</Form>
	);
}
