/**
 * `requested → executing → verifying → certified`. A place that cannot be emptied now, or a legal hold, makes it `blocked` with
 * the name of the leg, and it goes on from there; what the verifier finds again sends it back. `certified` is the end: a receipt
 * was signed.
 */
export const ERASURE_STATES = ['requested', 'executing', 'verifying', 'certified', 'blocked'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

export const ERASURE_EVENTS = ['begun', 'emptied', 'found_again', 'verified', 'hindered'] as const;
export type ErasureEvent = (typeof ERASURE_EVENTS)[number];

const EDGES: Readonly<Record<ErasureState, Partial<Record<ErasureEvent, ErasureState>>>> = {
	requested: { begun: 'executing', hindered: 'blocked' },
	executing: { begun: 'executing', emptied: 'verifying', hindered: 'blocked' },
	verifying: { begun: 'executing', found_again: 'executing', verified: 'certified', hindered: 'blocked' },
	blocked: { begun: 'executing', hindered: 'blocked' },
	certified: {},
};

/** The state after an event; null where there is no such edge. */
export function nextErasureState(state: ErasureState, event: ErasureEvent): ErasureState | null {
	return EDGES[state][event] ?? null;
}

/** The states from which an event leads somewhere: what a statement that writes its outcome asks for. */
export function statesBefore(event: ErasureEvent): ErasureState[] {
	return ERASURE_STATES.filter((state) => nextErasureState(state, event) !== null);
}
