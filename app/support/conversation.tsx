import { Form, useNavigation } from '@remix-run/react';

import { Button } from '../components/button';
import { TextField } from '../components/field';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Time } from '../components/time';
import type { Errors } from '../form';
import { useShell, useStudio } from '../shell';
import { keptFor } from './kept-for';
import { WORDS_LENGTH_MAX } from './message-limits';
import { TicketChip, type TicketState } from './ticket-chip';

interface Ticket {
	readonly subject: string;
	readonly state: TicketState;
	readonly openedAt: string;
	readonly deleteAt: string | null;
	readonly messages: readonly {
		readonly id: string;
		readonly author: 'person' | 'operator';
		readonly words: string;
		readonly writtenAt: string;
	}[];
}

interface ConversationProps {
	readonly ticket: Ticket;
	readonly failed: { readonly errors: Errors<'words' | 'link'>; readonly words: string } | undefined;
	readonly formKey: string;
}

/** A conversation with support: what was written, oldest first, and what can be done with it. */
export function Conversation({ ticket, failed, formKey }: ConversationProps) {
	const studio = useStudio();
	const isClosed = ticket.state === 'closed';
	return (
		<Page width="narrow">
			<h1 className="address">{ticket.subject}</h1>
			<p className="above soft">
				<TicketChip state={ticket.state} />
			</p>
			<section className="part">
				<h2 className="vh">What was written</h2>
				<ol className="said">
					{ticket.messages.map(({ id, author, words, writtenAt }) => (
						<li key={id}>
							<p className="by">
								<b>{author === 'person' ? 'You' : studio.name}</b>
								<span className="small muted">
									<Time at={writtenAt} />
								</span>
							</p>
							<p className="letter">{words}</p>
						</li>
					))}
				</ol>
			</section>
			<section className="part">
				<h2>{isClosed ? 'Closed' : 'Write back'}</h2>
				{failed?.errors.form !== undefined && <Notice kind="stop" title={failed.errors.form} isAlert />}
				{isClosed ? <Reopen deleteAt={ticket.deleteAt} /> : <WriteForm failed={failed} formKey={formKey} />}
			</section>
			{!isClosed && <Close />}
			<Leave />
		</Page>
	);
}

function WriteForm({ failed, formKey }: { failed: ConversationProps['failed']; formKey: string }) {
	const isPending = useNavigation().formData?.get('intent') === 'write';
	return (
		// Begun anew once its message is written.
		<Form key={formKey} method="post" className="write" noValidate={failed !== undefined}>
			<input type="hidden" name="intent" value="write" />
			<input type="hidden" name="key" value={formKey} />
			<TextField
				label="Message"
				name="words"
				rows={5}
				required
				maxLength={WORDS_LENGTH_MAX}
				defaultValue={failed?.words}
				error={failed?.errors.words}
			/>
			<div className="row">
				<Button look="main" fill isPending={isPending} pendingLabel="Sending…">
					Send message
				</Button>
			</div>
		</Form>
	);
}

function Close() {
	const studio = useStudio();
	const isPending = useNavigation().formData?.get('intent') === 'close';
	return (
		<section className="part">
			<h2>All done?</h2>
			<p className="soft">
				A closed conversation is deleted with its key {keptFor(studio)} later. You can open it again until then.
			</p>
			<Form method="post">
				<Button look="line" name="intent" value="close" isPending={isPending} pendingLabel="Closing…">
					Close conversation
				</Button>
			</Form>
		</section>
	);
}

function Reopen({ deleteAt }: { deleteAt: string | null }) {
	const isPending = useNavigation().formData?.get('intent') === 'reopen';
	return (
		<>
			<p className="soft">
				{deleteAt !== null && (
					<>
						It is deleted with its key <Time at={deleteAt} as="on-day" />, unless you open it again.
					</>
				)}
			</p>
			<Form method="post">
				<Button look="main" fill name="intent" value="reopen" isPending={isPending} pendingLabel="Opening…">
					Open again
				</Button>
			</Form>
		</>
	);
}

/** For whoever came by the link, on a device that others use too. */
function Leave() {
	const { session } = useShell();
	if (session.signedIn) return null;
	return (
		<Form method="post" className="leave">
			<Button look="quiet" name="intent" value="forget">
				Forget this conversation on this device
			</Button>
		</Form>
	);
}
