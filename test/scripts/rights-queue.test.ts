import { expect, test } from 'vitest';

import { requestTable } from '../../scripts/ops/commands/rights';

const ITEM = {
	id: 'rrq_1',
	right: 'child',
	receivedAt: '2026-11-01T00:00:00.000Z',
	dueAt: '2026-12-01T00:00:00.000Z',
	isExtended: false,
	isAlarming: false,
	isLate: false,
};

test('a page of the queue says how many wait in all, how many of them soon, and how to see the next', () => {
	const page = requestTable({ items: [ITEM], nextCursor: '1~5~rrq_1', open: 142, alarming: 3 });
	expect(page).toMatch(/child +rrq_1 +2026-11-01\n/);
	expect(page).toContain('Waiting in all: 142, due within a week or late: 3. More with --after 1~5~rrq_1\n');
	const last = requestTable({ items: [{ ...ITEM, isLate: true }], nextCursor: null, open: 1, alarming: 1 });
	expect(last).toMatch(/LATE[^]*Waiting in all: 1, due within a week or late: 1\.\n$/);
	expect(requestTable({ items: [], nextCursor: null, open: 0, alarming: 0 })).toBe('Nobody waits for an answer.\n');
});

test('a page after the last one is no empty queue', () => {
	expect(requestTable({ items: [], nextCursor: null, open: 4, alarming: 0 })).toContain('Waiting in all: 4');
});
