/**
 * The only door to private bytes. A signed PUT brings one photo in, a signed GET hands one object out; there is no list
 * and no delete here. It has an origin of its own, so stored bytes never run as the app.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';

import type { ObjectFacts } from '../core/deps';
import { mediaApp } from './app';
import { mediaDeps, type MediaBindings } from './bindings';
import { BodySlots } from './body-slots';

/** One for the whole isolate, because its memory is one. */
const slots = new BodySlots();

export default mediaApp((bindings) => mediaDeps(bindings, slots));

/** What the api may ask over its service binding, instead of holding the bucket itself. */
export class MediaObjects extends WorkerEntrypoint<MediaBindings> {
	/** What is stored under a key, or null. Width and height are 0 for what has none on record. */
	async head(objectKey: string): Promise<ObjectFacts | null> {
		const object = await this.env.MEDIA.head(objectKey);
		if (object === null) return null;
		const durationMs = object.customMetadata?.['durationMs'];
		return {
			contentType: object.httpMetadata?.contentType ?? 'application/octet-stream',
			byteLength: object.size,
			width: Number(object.customMetadata?.['width'] ?? 0),
			height: Number(object.customMetadata?.['height'] ?? 0),
			...(durationMs === undefined ? {} : { durationMs: Number(durationMs) }),
		};
	}
}
