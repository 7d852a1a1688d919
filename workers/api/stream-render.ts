import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

import { AppError } from '../core/errors';
import { logError } from '../core/log';
import { watchRender } from '../core/renders/read-render';
import { isTerminal } from '../core/renders/render-state';
import type { ApiEnv } from './bindings';

/** One statement a look: a page left open asks D1 for no more than this. */
const LOOK_EVERY_MS = 1000;
/** A browser reconnects by itself after this, so that no stream outlives a deployment or a forgotten tab by much. */
const STREAM_MS_MAX = 5 * 60_000;

/**
 * Sends the render whenever it changes, first at once, and closes when it, the session or the caller's role has ended:
 * that is seen with the next look (A1). A foreign id is refused before.
 */
export async function streamRender(c: Context<ApiEnv>, renderId: string): Promise<Response> {
	const { deps, caller } = c.var;
	const order = { actor: caller.actor, renderId };
	let render = await watchRender(deps, order);
	c.header('x-accel-buffering', 'no');
	return streamSSE(c, async (stream) => {
		let sent = '';
		try {
			for (let waited = 0; waited < STREAM_MS_MAX && !stream.aborted; waited += LOOK_EVERY_MS) {
				const data = JSON.stringify(render);
				if (data !== sent) await stream.writeSSE({ event: 'state', data });
				sent = data;
				if (isTerminal(render.state)) return;
				await stream.sleep(LOOK_EVERY_MS);
				render = await watchRender(deps, order);
			}
		} catch (error) {
			// Bytes are under way by now, so there is no status left to answer with: the stream ends, the browser comes again
			// and is answered properly. Caught here, because Hono would write an error's message into the stream.
			if (!(error instanceof AppError)) logError('unhandled_error', error, { renderId });
		}
	});
}
