import { setTimeout as wait } from 'node:timers/promises';
import type { OnEvent } from '../events';
import {
	type FailureKind,
	failureOutcome,
	isSubmitKind,
	type Outcome,
	type RunKind,
	validationOutcome,
} from './failures';
import type { FaultSwitches } from './faults';
import type { FileStore } from './file-store';
import type { Model } from './model';
import type { FalRequest, RequestState } from './request-store';
import type { WebhookSender } from './webhooks';

/** fal runs two jobs of a new account at a time; the others wait in its queue. */
const CONCURRENT_MAX = 2;

export interface Runner {
	/** Takes a request through its states; settles when its webhook is through or given up. Never rejects. */
	run(request: FalRequest, model: Model): Promise<void>;
	positionOf(request: FalRequest): number;
}

export function createRunner({
	faults,
	files,
	webhooks,
	onEvent,
}: {
	faults: FaultSwitches;
	files: FileStore;
	webhooks: WebhookSender;
	onEvent: OnEvent;
}): Runner {
	const waiting: { request: FalRequest; start: () => void }[] = [];
	let running = 0;

	async function turn(request: FalRequest): Promise<void> {
		if (running >= CONCURRENT_MAX) {
			await new Promise<void>((start) => waiting.push({ request, start }));
		}
		running += 1;
	}

	function leave(): void {
		running -= 1;
		waiting.shift()?.start();
	}

	function enter(request: FalRequest, state: RequestState): void {
		request.state = state;
		onEvent({ type: 'fal_state', requestId: request.id, endpoint: request.endpoint, state });
	}

	function report(request: FalRequest, fraction: number, message: string): void {
		const timestamp = new Date().toISOString();
		request.logs.push({ message, level: 'INFO', source: 'USER', timestamp });
		onEvent({ type: 'fal_progress', requestId: request.id, endpoint: request.endpoint, fraction, message });
	}

	async function work(request: FalRequest, model: Model, failure: RunKind | undefined): Promise<Outcome> {
		const { progressMs } = faults.current();
		const output = faults.output(promptOf(request.input));
		const slowly = wait(progressMs, undefined, { signal: request.stop.signal });
		if (failure !== undefined && failure !== 'payload_error') {
			await slowly;
			return failureOutcome(failure);
		}
		const [answer] = await Promise.all([
			model.run(request.input, {
				signal: request.stop.signal,
				report: (fraction, message) => report(request, fraction, message),
				keep(file) {
					const { id, link } = files.keep(file, output);
					request.fileIds.push(id);
					return link;
				},
			}),
			slowly,
		]);
		if (!answer.ok) return validationOutcome(answer.detail);
		return { status: 200, body: answer.output, headers: { 'x-fal-billable-units': String(answer.billableUnits) } };
	}

	async function settle(request: FalRequest, model: Model, failure: RunKind | undefined): Promise<Outcome> {
		const { signal } = request.stop;
		try {
			await wait(faults.current().latencyMs, undefined, { signal });
			if (faults.isNeverAnswered(promptOf(request.input))) {
				// It takes no turn, or two of these would hold up every later request.
				enter(request, 'IN_PROGRESS');
				return await untilStopped(signal);
			}
			await turn(request);
			const startedAt = performance.now();
			try {
				signal.throwIfAborted();
				enter(request, 'IN_PROGRESS');
				return await work(request, model, failure);
			} finally {
				request.seconds = (performance.now() - startedAt) / 1000;
				leave();
			}
		} catch (error) {
			if (signal.aborted) return failureOutcome('client_cancelled');
			console.error({ event: 'fal_model_failed', endpoint: request.endpoint, error });
			return failureOutcome('runner_server_error');
		}
	}

	return {
		async run(request, model) {
			const prompt = promptOf(request.input);
			const failure = faults.takeFailure(request.endpoint, prompt, isRunKind);
			const outcome = await settle(request, model, failure && isRunKind(failure) ? failure : undefined);
			request.outcome = outcome;
			enter(request, 'COMPLETED');
			// A cancelled request has no one who waits for its webhook.
			if (request.stop.signal.aborted) return;
			await webhooks.send(request, outcome, faults.takeWebhookMode(prompt), failure === 'payload_error');
		},
		positionOf: (request) => waiting.findIndex((entry) => entry.request === request) + 1,
	};
}

/** The prompt of a model's input, whatever else it is; empty when there is none. */
export function promptOf(input: unknown): string {
	const prompt: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'prompt') : undefined;
	return typeof prompt === 'string' ? prompt : '';
}

function isRunKind(kind: FailureKind): kind is RunKind {
	return !isSubmitKind(kind);
}

function untilStopped(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		const stop = () => reject(new Error('The request was stopped.', { cause: signal.reason }));
		if (signal.aborted) stop();
		else signal.addEventListener('abort', stop, { once: true });
	});
}
