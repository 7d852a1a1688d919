import { setTimeout as wait } from 'node:timers/promises';
import type { OnEvent } from '../events';
import type { Outcome } from './failures';
import type { FaultSwitches, WebhookMode } from './faults';
import type { FalRequest } from './request-store';
import type { SigningKey } from './signing-key';

/** fal tries ten times over two hours; the same in small, so that a test sees both the retry and its end. */
const RETRY_WAITS_MS = [150, 400, 1000, 2500];

/** fal's own limit for the receiver. */
const RECEIVER_SECONDS_MAX = 15;

const STALE_SECONDS = 900;

export interface WebhookSender {
	/** Sends the webhook of a finished request as `mode` has it; settles when it was accepted or given up. */
	send(request: FalRequest, outcome: Outcome, mode: WebhookMode, isPayloadLost: boolean): Promise<void>;
}

export function createWebhookSender(
	key: SigningKey,
	faults: FaultSwitches,
	stop: AbortSignal,
	onEvent: OnEvent,
): WebhookSender {
	const waitsForOvertaking = new Set<() => void>();

	async function deliver(request: FalRequest, body: string, mode: WebhookMode): Promise<void> {
		for (const waitMs of [0, ...RETRY_WAITS_MS]) {
			await pause(waitMs, stop);
			if (stop.aborted) return;
			const status = await post(request, body, mode);
			request.deliveries.push({ status, at: new Date().toISOString() });
			onEvent({ type: 'fal_webhook', requestId: request.id, attempt: request.deliveries.length, status });
			if (status !== 'unreachable' && status >= 200 && status < 300) return;
		}
	}

	async function post(request: FalRequest, body: string, mode: WebhookMode): Promise<number | 'unreachable'> {
		const nowSeconds = Math.floor((Date.now() + faults.current().clockOffsetMs) / 1000);
		const headers = key.headers({
			requestId: request.id,
			body,
			timestampSeconds: mode === 'stale_timestamp' ? nowSeconds - STALE_SECONDS : nowSeconds,
			genuine: mode !== 'wrong_signature',
		});
		try {
			const answer = await fetch(request.webhookUrl ?? '', {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...headers },
				body,
				redirect: 'manual',
				signal: AbortSignal.any([stop, AbortSignal.timeout(RECEIVER_SECONDS_MAX * 1000)]),
			});
			await answer.body?.cancel();
			return answer.status;
		} catch {
			return 'unreachable';
		}
	}

	/** Waits until another webhook has gone first, or until nobody came. */
	async function letAnotherPass(): Promise<void> {
		const [earlier] = waitsForOvertaking;
		if (earlier) return;
		const late = new AbortController();
		const pass = () => late.abort();
		waitsForOvertaking.add(pass);
		await pause(faults.current().lateMs, AbortSignal.any([stop, late.signal]));
		waitsForOvertaking.delete(pass);
	}

	return {
		async send(request, outcome, mode, isPayloadLost) {
			if (request.webhookUrl === undefined || mode === 'lost') return;
			if (mode === 'late') await pause(faults.current().lateMs, stop);
			if (mode === 'reordered') await letAnotherPass();
			const body = webhookBody(request, outcome, isPayloadLost);
			await deliver(request, body, mode);
			if (mode === 'duplicate') await deliver(request, body, mode);
			for (const pass of waitsForOvertaking) pass();
		},
	};
}

function webhookBody(request: FalRequest, outcome: Outcome, isPayloadLost: boolean): string {
	const ids = { request_id: request.id, gateway_request_id: request.id };
	if (isPayloadLost) {
		const reason =
			'Response payload is not JSON serializable. Either return a JSON serializable object or use the queue.';
		return JSON.stringify({ ...ids, status: 'OK', error: null, payload: null, payload_error: reason });
	}
	if (outcome.status === 200) return JSON.stringify({ ...ids, status: 'OK', error: null, payload: outcome.body });
	const error = `Invalid status code: ${outcome.status}`;
	return JSON.stringify({ ...ids, status: 'ERROR', error, payload: outcome.body });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	// Being stopped ends the pause; the caller looks at the signal.
	await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
