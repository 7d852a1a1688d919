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

const STATES: readonly TicketState[] = ['waiting', 'answered', 'closed'];

/** The states in which this can happen at all. */
export function statesTaking(event: TicketEvent): TicketState[] {
	return STATES.filter((state) => nextTicketState(state, event) !== null);
}

/** The states that this changes: what a write asks for, so that a second time changes no time. */
export function statesMovedBy(event: TicketEvent): TicketState[] {
	return STATES.filter((state) => ![null, state].includes(nextTicketState(state, event)));
}
