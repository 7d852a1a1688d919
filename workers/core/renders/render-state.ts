export type RenderState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';
export type TerminalState = Exclude<RenderState, 'queued' | 'running'>;
export type RenderEvent = 'stage_started' | 'all_stages_done' | 'refused' | 'cancelled' | 'deadline_passed';

const EDGES: Readonly<Record<RenderState, Partial<Record<RenderEvent, RenderState>>>> = {
	queued: { stage_started: 'running', refused: 'failed', cancelled: 'cancelled', deadline_passed: 'expired' },
	running: {
		stage_started: 'running',
		all_stages_done: 'succeeded',
		refused: 'failed',
		cancelled: 'cancelled',
		deadline_passed: 'expired',
	},
	succeeded: {},
	failed: {},
	cancelled: {},
	expired: {},
};

/** The next state, or null for an edge that does not exist: terminal is final. */
export function nextRenderState(state: RenderState, event: RenderEvent): RenderState | null {
	return EDGES[state][event] ?? null;
}

export function isTerminal(state: RenderState): state is TerminalState {
	return state !== 'queued' && state !== 'running';
}
