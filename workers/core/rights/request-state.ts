import type { rightsRequests } from '../../../schema/rights';

export type RequestState = (typeof rightsRequests.$inferSelect)['state'];
export type RequestEvent = 'proved' | 'silent' | 'extended' | 'answered' | 'refused';

const EDGES: Readonly<Record<RequestState, Partial<Record<RequestEvent, RequestState>>>> = {
	unproved: { proved: 'open', silent: 'lapsed' },
	open: { extended: 'open', answered: 'answered', refused: 'refused' },
	answered: {},
	refused: {},
	lapsed: {},
};

/** The next state, or null for an edge that does not exist: what was answered stays so, and what lapsed begins anew. */
export function nextRequestState(state: RequestState, event: RequestEvent): RequestState | null {
	return EDGES[state][event] ?? null;
}

/** Whether it has been extended once; twice is not allowed (Art. 12(3)). */
export function mayExtend(
	request: { state: RequestState; extendedAtMs: number | null; dueAtMs: number },
	nowMs: number,
): boolean {
	return (
		nextRequestState(request.state, 'extended') !== null && request.extendedAtMs === null && nowMs < request.dueAtMs
	);
}

/** A week to show that the address is one's own; then what was written is emptied. */
export const PROVE_DAYS = 7;
