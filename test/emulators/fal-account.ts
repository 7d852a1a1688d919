import { fileURLToPath } from 'node:url';
import { createFalClient } from '@fal-ai/client';
import sharp from 'sharp';
import { startEmulators } from '../../emulators/start-emulators';
import type { FalFaultsInput } from '../../emulators/fal/faults';
import { startReceiver } from './receiver';

export const EDIT = 'fal-ai/nano-banana-2/edit';
export const FILM = 'fal-ai/pixverse/v6/transition';
export const PATIENT = fileURLToPath(new URL('../fixtures/patients/mara.png', import.meta.url));
export const KEY = { authorization: 'Key kid:ksecret' };

function plain(background: string): Promise<Buffer> {
	return sharp({ create: { width: 90, height: 120, channels: 3, background } })
		.png()
		.toBuffer();
}

/** A running stand-in with a customer of its own: the unmodified SDK, a webhook receiver and three pictures. */
export async function startFalAccount(options: { faults?: FalFaultsInput } = {}) {
	const pictures: Record<string, Uint8Array<ArrayBuffer>> = {
		'before.png': new Uint8Array(await plain('#804020')),
		'after.png': new Uint8Array(await plain('#d0e0f0')),
	};
	const smile = await sharp(PATIENT).resize(384).png().toBuffer();
	pictures['smile.png'] = new Uint8Array(smile);
	const emulators = await startEmulators({ faults: options.faults ?? {} });
	const receiver = await startReceiver(pictures);
	const queue = `${emulators.origin}/fal/queue`;
	const client = createFalClient({
		credentials: 'kid:ksecret',
		retry: { maxRetries: 0 },
		fetch: (url, init) => fetch(new Request(url, init).url.replace('https://queue.fal.run', queue), init),
	});
	const film = {
		prompt: 'a wipe',
		first_image_url: `${receiver.origin}/pictures/before.png`,
		end_image_url: `${receiver.origin}/pictures/after.png`,
		duration: 1,
		aspect_ratio: '9:16' as const,
		resolution: '360p' as const,
	};
	return {
		...emulators,
		emulators,
		receiver,
		queue,
		client,
		film,
		hook: `${receiver.origin}/hook/a?token=t`,
		/** A job that ends at once: its picture has no face. */
		edit: { prompt: 'from A3 to A1', image_urls: [film.first_image_url] },
		/** A job that makes a picture. */
		whiten: { prompt: 'from A3 to A1', image_urls: [`${receiver.origin}/pictures/smile.png`] },
		/** Submits by plain HTTP and answers the request's id. */
		async submit(endpoint: string, input: object, hook = `${receiver.origin}/hook/a?token=t`): Promise<string> {
			const answer = await fetch(`${queue}/${endpoint}?fal_webhook=${encodeURIComponent(hook)}`, {
				method: 'POST',
				headers: KEY,
				body: JSON.stringify(input),
			});
			const body: unknown = await answer.json();
			if (!answer.ok) throw new Error(`Submit answered ${answer.status}: ${JSON.stringify(body)}`);
			return String(Reflect.get(Object(body), 'request_id'));
		},
		/** GET result once the request is complete. */
		async result(endpoint: string, id: string): Promise<Response> {
			await this.state(id, 'COMPLETED');
			return fetch(`${queue}/${endpoint}/requests/${id}`, { headers: KEY });
		},
		/** Waits until the request is in this state; gives up, by the request's id, shortly before the test would end without one. */
		async state(id: string, wanted: string): Promise<void> {
			const deadline = Date.now() + 50_000;
			while (emulators.fal.requests().find((request) => request.id === id)?.state !== wanted) {
				if (Date.now() > deadline) throw new Error(`Request ${id} never was ${wanted}.`);
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		},
		async close(): Promise<void> {
			await Promise.all([emulators.close(), receiver.close()]);
		},
	};
}
