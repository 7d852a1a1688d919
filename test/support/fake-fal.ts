import type { FalGateway } from '../../workers/core/gateways/fal';
import type { ProcessorFailure } from '../../workers/core/gateways/processor';
import { sampleMp4, samplePng } from './sample-outputs';

export interface FakeRequest {
	id: string;
	endpoint: string;
	input: Record<string, unknown>;
	webhookUrl: string;
	/** Null while it is at work. */
	answer: { kind: 'done'; outputUrl: string } | ProcessorFailure | null;
	isCancelled: boolean;
	/** Whether the processor still keeps what it was sent. */
	isHeld: boolean;
}

/** `lost_after`: the job runs and its id never arrives. `lost_before`: there is no job. */
export type SubmitFate = 'accept' | 'lost_after' | 'lost_before' | ProcessorFailure;

export interface FakeFal extends FalGateway {
	requests: FakeRequest[];
	/** What the next submissions meet; `accept` when empty. */
	fates: SubmitFate[];
	/** Called while a submission is under way, before it returns. */
	duringSubmit: (request: FakeRequest) => Promise<void>;
	/** What lies behind each address; an address without bytes answers 404. */
	files: Map<string, Uint8Array | ProcessorFailure>;
	isForgetful: boolean;
	/** Ends a request: with its right output, or as told. */
	finish(request: FakeRequest, answer?: ProcessorFailure): void;
	last(): FakeRequest;
}

export function failure(code: string, isRetryable: boolean, message: string | null = null): ProcessorFailure {
	return { kind: 'failed', code, message, isRetryable };
}

/** fal as core sees it: jobs that end when the test says so, and copies that stay until they are forgotten. */
export function fakeFal(): FakeFal {
	const requests: FakeRequest[] = [];
	const find = (id: string) => requests.find((request) => request.id === id);
	const fake: FakeFal = {
		requests,
		fates: [],
		duringSubmit: () => Promise.resolve(),
		files: new Map(),
		isForgetful: true,
		submit: async ({ endpoint, input, webhookUrl }) => {
			const fate = fake.fates.shift() ?? 'accept';
			if (fate === 'lost_before') return { kind: 'unknown' };
			if (typeof fate !== 'string') return fate;
			const id = crypto.randomUUID();
			const request = { id, endpoint, input, webhookUrl, answer: null, isCancelled: false, isHeld: true };
			requests.push(request);
			await fake.duringSubmit(request);
			return fate === 'accept' ? { kind: 'accepted', requestId: id } : { kind: 'unknown' };
		},
		result: ({ requestId }) => Promise.resolve(find(requestId)?.answer ?? { kind: 'pending' }),
		cancel: ({ requestId }) => {
			const request = find(requestId);
			if (request !== undefined) request.isCancelled = true;
			return Promise.resolve();
		},
		forget: ({ requestId }) => {
			const request = find(requestId);
			if (!fake.isForgetful) return Promise.resolve({ kind: 'left', seen: [] });
			// Told once more which file it made, and not again once that is deleted.
			const isTold = request?.isHeld === true && request.answer?.kind === 'done';
			if (request !== undefined) request.isHeld = false;
			return Promise.resolve({ kind: 'gone', seen: isTold ? [404] : [] });
		},
		fetchOutput: (url) => Promise.resolve(fake.files.get(url) ?? failure('output_status_404', true)),
		finish: (request, answer) => {
			const outputUrl = `https://v3.fal.media/${request.id}`;
			if (answer === undefined) {
				fake.files.set(outputUrl, request.endpoint.includes('transition') ? sampleMp4() : samplePng());
			}
			request.answer = answer ?? { kind: 'done', outputUrl };
		},
		last: () => {
			const request = requests.at(-1);
			if (request === undefined) throw new Error('nothing was submitted');
			return request;
		},
	};
	return fake;
}
