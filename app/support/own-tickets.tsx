import { Link } from '@remix-run/react';

import { Time } from '../components/time';
import { TicketChip, type TicketState } from './ticket-chip';

export interface TicketLine {
	readonly id: string;
	readonly subject: string;
	readonly state: TicketState;
	readonly changedAt: string;
}

/** A signed-in person's conversations, the newest first. */
export function OwnTickets({ tickets }: { tickets: readonly TicketLine[] }) {
	return (
		<section className="part">
			<h2>Your conversations</h2>
			<ol className="rows">
				{tickets.map(({ id, subject, state, changedAt }) => (
					<li key={id}>
						<div>
							<b>
								<Link to={`/contact/${id}`}>{subject}</Link>
							</b>
							<span className="small muted">
								<Time at={changedAt} />
							</span>
						</div>
						<TicketChip state={state} />
					</li>
				))}
			</ol>
		</section>
	);
}
