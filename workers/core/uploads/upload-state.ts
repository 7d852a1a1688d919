/** The due time of what is kept until somebody takes it away: an account's logo, a consent's paper. Past every moment that is ever compared with it. */
export const KEPT_UNTIL_MS = Date.UTC(9999, 11, 31);

export type UploadState = 'awaiting' | 'ready' | 'deleting' | 'deleted' | 'rejected' | 'expired';
export type UploadEvent = 'completed' | 'refused' | 'abandoned' | 'due' | 'erased';

const EDGES: Readonly<Record<UploadState, Partial<Record<UploadEvent, UploadState>>>> = {
	awaiting: { completed: 'ready', refused: 'rejected', abandoned: 'expired', due: 'deleting' },
	ready: { due: 'deleting' },
	deleting: { erased: 'deleted', abandoned: 'expired' },
	deleted: {},
	rejected: {},
	expired: {},
};

/** The next state, or null for an edge that does not exist: what is deleted never comes back. */
export function nextUploadState(state: UploadState, event: UploadEvent): UploadState | null {
	return EDGES[state][event] ?? null;
}

/** Whether bytes may be there and may be shown: at the due time they may not, even when the sweep is late. */
export function isServable(upload: { state: UploadState; deleteAtMs: number }, nowMs: number): boolean {
	return upload.state === 'ready' && nowMs < upload.deleteAtMs;
}
