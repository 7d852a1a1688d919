import { expect, test } from 'vitest';

import {
	nextTicketState,
	statesMovedBy,
	statesTaking,
	type TicketEvent,
	type TicketState,
} from '../../../workers/core/support/ticket-state';

const TABLE: Record<TicketState, Record<TicketEvent, TicketState | null>> = {
	waiting: { person_wrote: 'waiting', operator_wrote: 'answered', closed: 'closed', reopened: 'waiting' },
	answered: { person_wrote: 'waiting', operator_wrote: 'answered', closed: 'closed', reopened: 'answered' },
	closed: { person_wrote: 'waiting', operator_wrote: null, closed: 'closed', reopened: 'waiting' },
};

test.each(Object.entries(TABLE))('a ticket that is %s goes where the table says, by each event', (state, events) => {
	for (const [event, next] of Object.entries(events)) {
		expect([event, nextTicketState(state as TicketState, event as TicketEvent)]).toEqual([event, next]);
	}
});

test('what a write asks for follows from the table', () => {
	expect(statesTaking('operator_wrote')).toEqual(['waiting', 'answered']);
	expect(statesMovedBy('closed')).toEqual(['waiting', 'answered']);
	expect(statesMovedBy('reopened')).toEqual(['closed']);
	expect(statesMovedBy('person_wrote')).toEqual(['answered', 'closed']);
});
