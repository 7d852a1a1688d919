import { expect, test } from 'vitest';

import {
	ERASURE_EVENTS,
	ERASURE_STATES,
	nextErasureState,
	statesBefore,
} from '../../../workers/core/erasure/erasure-state';

test('every edge is one of these eleven, and no other leads anywhere', () => {
	const edges = ERASURE_STATES.flatMap((state) =>
		ERASURE_EVENTS.flatMap((event) => {
			const next = nextErasureState(state, event);
			return next === null ? [] : [`${state} ${event} ${next}`];
		}),
	);
	expect(edges).toEqual([
		'requested begun executing',
		'requested hindered blocked',
		'executing begun executing',
		'executing emptied verifying',
		'executing hindered blocked',
		'verifying begun executing',
		'verifying found_again executing',
		'verifying verified certified',
		'verifying hindered blocked',
		'blocked begun executing',
		'blocked hindered blocked',
	]);
});

test('a receipt is signed from the verifier alone, and nothing leaves what was certified', () => {
	expect(statesBefore('verified')).toEqual(['verifying']);
	expect(ERASURE_EVENTS.map((event) => nextErasureState('certified', event))).toEqual([null, null, null, null, null]);
});
