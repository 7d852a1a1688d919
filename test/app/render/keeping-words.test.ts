import { expect, test } from 'vitest';

import { addressWords, type Keeping, keepingLine, ofAll } from '../../../app/render/keeping-words';

const all: Keeping = {
	name: 'fal.ai',
	requests: 2,
	inputUrlSecondsMax: 600,
	storageOff: 2,
	copied: 2,
	payloadsDeleted: 2,
	deletedAt: '2026-11-21T14:07:00.000Z',
	addressesSeen: [{ status: 404, count: 2 }],
	verifiedAt: '2026-11-21T14:07:00.000Z',
};

test('a receipt’s line counts what was asked and what was seen', () => {
	expect(keepingLine(all)).toBe(
		'2 requests, input address lived 600 s at most, storage off in each of 2 requests, 2 copied to our store, addresses gone: 404 × 2',
	);
});

test('what was not noted is left out of it', () => {
	const none = { inputUrlSecondsMax: null, storageOff: 0, copied: 0, payloadsDeleted: 0, addressesSeen: [] };
	expect(keepingLine({ ...all, ...none, requests: 1 })).toBe('1 request');
	expect(keepingLine({ ...all, storageOff: 1 })).toContain('storage off in 1 of 2 requests');
	expect(ofAll(1, 1)).toBe('its request');
});

test('an address counts as gone only by an answer that gives nothing to anybody', () => {
	expect(seen(403, 410)).toEqual(['addresses gone: 403 × 1, 410 × 1']);
	expect(seen(200, 503)).toEqual(['addresses that answered otherwise: 200 × 1, 503 × 1']);
	expect(seen()).toEqual([]);
});

function seen(...statuses: number[]): string[] {
	return addressWords({ addressesSeen: statuses.map((status) => ({ status, count: 1 })) });
}
