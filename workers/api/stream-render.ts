import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

import { logError } from '../core/log';
import { readRender } from '../core/renders/read-render';
import { isTerminal } from '../core/renders/render-state';
import type { ApiEnv } from './bindings';

const LOOK_EVERY_MS = 500;
/** A browser reconnects by itself after this, so that no stream outlives a deployment or a forgotten tab by much. */
const STREAM_MS_MAX = 5 * 60_000;

/** Sends the render whenever it changes, first at once, and closes when it has ended. A foreign id is refused before. */
export async function streamRender(c: Context<ApiEnv>, renderId: string): Promise<Response> {
	const { deps, signedIn } = c.var;
	const order = { actor: signedIn.actor, renderId };
	let render = await readRender(deps, order);
	c.header('x-accel-buffering', 'no');
	return streamSSE(
		c,
		async (stream) => {
			let sent = '';
			for (let waited = 0; waited < STREAM_MS_MAX && !stream.aborted; waited += LOOK_EVERY_MS) {
				const data = JSON.stringify(render);
				if (data !== sent) await stream.writeSSE({ event: 'state', data });
				sent = data;
				if (isTerminal(render.state)) return;
				await stream.sleep(LOOK_EVERY_MS);
				render = await readRender(deps, order);
			}
		},
		// Bytes are under way by now, so there is no status left to answer with: the stream ends, the browser reconnects.
		(error) => {
			logError('unhandled_error', error, { renderId });
			return Promise.resolve();
		},
	);
}
