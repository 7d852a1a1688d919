/** `waiting`: for us; `answered`: for them. */
export type TicketState = 'waiting' | 'answered' | 'closed';
export type TicketEvent = 'person_wrote' | 'operator_wrote' | 'closed' | 'reopened';

/**
 * What becomes of a ticket; null: that is not done to it. Whoever writes in a closed one opens it again, and with that the clock
 * of its deletion is gone (DS-29). We do not: a closed ticket stays closed until its person wants something.
 */
export function nextTicketState(state: TicketState, event: TicketEvent): TicketState | null {
	switch (event) {
		case 'person_wrote':
			return 'waiting';
		case 'operator_wrote':
			return state === 'closed' ? null : 'answered';
		case 'closed':
			return 'closed';
		case 'reopened':
			return state === 'closed' ? 'waiting' : state;
	}
}
