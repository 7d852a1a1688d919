import { and, desc, eq, inArray } from 'drizzle-orm';

import { attempts, webhookEvents } from '../../../schema/renders';
import type { Stage } from '../../../studios/studio';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { readFailure, readOutput } from '../gateways/fal';
import type { ProcessorFailure, ProcessorSilence } from '../gateways/processor';
import { failAttempt, storeOutput } from './finish-attempt';
import type { LoadedWork } from './load-work';
import type { AttemptView } from './next-step';

type Answer = { kind: 'done'; outputUrl: string } | { kind: 'pending' } | ProcessorFailure | ProcessorSilence;

/**
 * Takes an open attempt's answer, if there is one: from its webhook, else by asking. `advanced` when the attempt has
 * ended by it. Past its deadline an attempt without an answer counts as lost, and only then may another begin.
 */
export async function collectAttempt(
	deps: JobDeps,
	work: LoadedWork,
	plan: { stage: Stage; attempt: AttemptView },
): Promise<'waiting' | 'advanced'> {
	const { stage, attempt } = plan;
	const answer = await readAnswer(deps, work, stage, attempt);
	switch (answer.kind) {
		case 'done': {
			const output = await deps.fal.fetchOutput(answer.outputUrl);
			if (output instanceof Uint8Array) {
				await storeOutput(deps, work, stage, attempt.id, output);
				return 'advanced';
			}
			// The job is done and paid for: while there is time, it is the download that is tried again.
			if (isPassing(output) && deps.now().getTime() < attempt.deadlineAtMs) {
				throw new AppError('upstream_unavailable', 'The output could not be fetched just now.');
			}
			await failAttempt(deps, { attemptId: attempt.id, stage }, output);
			return 'advanced';
		}
		case 'failed':
			await failAttempt(deps, { attemptId: attempt.id, stage }, answer);
			return 'advanced';
		case 'pending':
		case 'unknown': {
			if (deps.now().getTime() < attempt.deadlineAtMs) return 'waiting';
			await failAttempt(
				deps,
				{ attemptId: attempt.id, stage },
				{ code: 'no_answer', message: null, isRetryable: true },
			);
			return 'advanced';
		}
	}
}

/** The file host's own trouble, as against a file that is not there or not what was promised. */
function isPassing({ code }: ProcessorFailure): boolean {
	return code === 'output_unreachable' || code.startsWith('output_status_5');
}

async function readAnswer(deps: JobDeps, work: LoadedWork, stage: Stage, attempt: AttemptView): Promise<Answer> {
	// An answer inside the consumer, such as OpenAI's, is never collected: its attempt ends where it began.
	if (stage.processor !== 'fal') return { kind: 'unknown' };
	const known = work.requestIds.get(attempt.id) ?? null;
	const [event] = await deps.db
		.select()
		.from(webhookEvents)
		.where(
			and(
				eq(webhookEvents.attemptId, attempt.id),
				// Once fal has told us the request, a genuine notice of another one speaks for somebody else's job (F55).
				known === null ? undefined : eq(webhookEvents.requestId, known),
			),
		)
		.orderBy(desc(webhookEvents.status), desc(webhookEvents.receivedAtMs))
		.limit(1);
	const requestId = known ?? event?.requestId ?? null;
	if (requestId === null) return { kind: 'unknown' };
	await rememberRequest(deps, attempt, requestId);
	const told = event?.payload == null ? null : readEvent(event.status, event.payload);
	return told ?? deps.fal.result({ endpoint: stage.endpoint, requestId });
}

/** What a webhook's payload says by itself; null when the processor has to be asked. */
function readEvent(status: 'OK' | 'ERROR', payload: string): Answer | null {
	const body: unknown = JSON.parse(payload);
	if (status === 'ERROR') return readFailure(500, body);
	const output = readOutput(body);
	return output.kind === 'done' ? output : null;
}

/** A webhook may be the first to say under which id the processor works (F46, F47). */
async function rememberRequest({ db }: JobDeps, attempt: AttemptView, requestId: string): Promise<void> {
	if (attempt.state === 'submitted') return;
	await db
		.update(attempts)
		.set({ state: 'submitted', requestId })
		.where(and(eq(attempts.id, attempt.id), inArray(attempts.state, ['intent', 'unknown'])));
}
