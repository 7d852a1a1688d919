import { exportEntries } from '../core/credits/export-entries';
import { logError } from '../core/log';
import type { ApiDeps } from './bindings';

/**
 * An account's whole ledger as CSV, read a page at a time and only as fast as it is taken, so that a long one is held nowhere whole.
 * Once bytes are under way there is no status left to answer a failure with: the transfer breaks off, and whoever reads it sees that.
 */
export function streamEntries(
	deps: Pick<ApiDeps, 'db'>,
	{ accountId }: { accountId: string },
): ReadableStream<Uint8Array> {
	const text = new TextEncoder();
	let afterSeq = 0;
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const { csv, nextSeq } = await exportEntries(deps, { accountId, afterSeq });
				// An empty chunk would be taken for none, and asked for again.
				if (csv !== '') controller.enqueue(text.encode(csv));
				if (nextSeq === null) controller.close();
				else afterSeq = nextSeq;
			} catch (error) {
				logError('unhandled_error', error, { worker: 'api' });
				controller.error(error);
			}
		},
	});
}
