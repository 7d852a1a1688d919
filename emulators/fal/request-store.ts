import type { Outcome } from './failures';

export type RequestState = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

export interface LogEntry {
	readonly message: string;
	readonly level: 'INFO' | 'ERROR';
	readonly source: 'USER';
	readonly timestamp: string;
}

export interface WebhookDelivery {
	readonly status: number | 'unreachable';
	readonly at: string;
}

/** One submitted job and all that became of it. */
export interface FalRequest {
	readonly id: string;
	readonly endpoint: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly webhookUrl: string | undefined;
	readonly submittedAt: string;
	readonly stop: AbortController;
	/** Emptied when the caller deletes the payloads, as fal does. */
	input: unknown;
	state: RequestState;
	logs: LogEntry[];
	outcome: Outcome | undefined;
	seconds: number;
	payloadsDeleted: boolean;
	fileIds: string[];
	deliveries: WebhookDelivery[];
}

/** More than any test submits; the oldest leave first, so a long-running stand-in does not grow without end. */
const REQUESTS_MAX = 500;

export interface RequestStore {
	add(request: FalRequest): void;
	get(id: string): FalRequest | undefined;
	all(): FalRequest[];
	clear(): void;
}

export function createRequestStore(onEvict: (request: FalRequest) => void): RequestStore {
	const requests = new Map<string, FalRequest>();
	return {
		add(request) {
			requests.set(request.id, request);
			const oldest = requests.values().next().value;
			if (requests.size > REQUESTS_MAX && oldest) {
				requests.delete(oldest.id);
				onEvict(oldest);
			}
		},
		get: (id) => requests.get(id),
		all: () => [...requests.values()],
		clear() {
			for (const request of requests.values()) request.stop.abort(new Error('The stand-in was reset.'));
			requests.clear();
		},
	};
}
