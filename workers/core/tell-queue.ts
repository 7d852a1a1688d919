import type { Deps } from './deps';
import { logError } from './log';
import type { WorkMessage } from './messages';

/**
 * Tells the queue what is committed already. A queue that does not take it changes nothing about that, so the caller's
 * answer stands: the failure is logged, and the sweep does within a minute what the message would have.
 */
export async function tellQueue(
	{ queue }: Pick<Deps, 'queue'>,
	message: WorkMessage,
	options: { delaySeconds?: number } = {},
): Promise<void> {
	try {
		await queue.send(message, options);
	} catch (error) {
		logError('message_failed', error, { type: message.type });
	}
}
