/** Queue consumers and the minute's sweep. Adapters only: parse, call, acknowledge. */
import { AppError } from '../core/errors';
import { createJobDeps, type JobBindings } from '../core/job-deps';
import type { JobDeps } from '../core/deps';
import { log, logError } from '../core/log';
import { WorkMessage } from '../core/messages';
import { sweep } from '../core/retention/sweep';
import { handleMessage } from './handle-message';

/** The first pause is a second; doubled each time, but never above five minutes. */
const RETRY_DELAY_SECONDS_MAX = 300;
const DEAD_QUEUE = 'afterglow-dead';

export default {
	async queue(batch: MessageBatch, bindings: JobBindings): Promise<void> {
		if (batch.queue === DEAD_QUEUE) {
			recordDead(batch);
			return;
		}
		const deps = await createJobDeps(bindings);
		// Beside each other: one render waiting for a processor must not hold up the next.
		await Promise.all(batch.messages.map((message) => consume(deps, batch.queue, message)));
	},

	async scheduled(controller: ScheduledController, bindings: JobBindings): Promise<void> {
		const deps = await createJobDeps(bindings);
		// The cron's time is the world's; a clock moved forward locally moves it as well.
		const movedMs = deps.now().getTime() - Date.now();
		await sweep(deps, { scheduledAtMs: controller.scheduledTime + movedMs });
	},
} satisfies ExportedHandler<JobBindings>;

async function consume(deps: JobDeps, queue: string, message: Message): Promise<void> {
	try {
		await handleMessage(deps, WorkMessage.parse(message.body));
		message.ack();
	} catch (error) {
		const isFinal = error instanceof AppError && !error.isRetryable;
		if (error instanceof AppError) log('message_failed', { queue, code: error.code, attempts: message.attempts });
		else await noteUnexpected(deps, queue, message, error);
		if (isFinal) message.ack();
		else message.retry({ delaySeconds: Math.min(2 ** (message.attempts - 1), RETRY_DELAY_SECONDS_MAX) });
	}
}

async function noteUnexpected(deps: JobDeps, queue: string, message: Message, error: unknown): Promise<void> {
	logError('message_failed', error, { queue, attempts: message.attempts });
	const parsed = WorkMessage.safeParse(message.body);
	const where = parsed.success ? parsed.data.type : 'unknown message';
	await deps.errorReports?.report({ error, where, userId: null });
}

/** What five tries could not do is written to the log; the rows still say what is open, and the sweep goes on trying. */
function recordDead(batch: MessageBatch): void {
	for (const message of batch.messages) {
		const parsed = WorkMessage.safeParse(message.body);
		log('message_dead', { id: message.id, type: parsed.success ? parsed.data.type : 'unknown' });
		message.ack();
	}
}
