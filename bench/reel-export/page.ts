/**
 * Runs in the browser: the same film three ways. A before turns into an after by a cut that moves once across, with one
 * label on its plate, 1080 × 1920, 30 frames a second, H.264 at the same bit rate.
 */
import * as engine from '@diffusionstudio/core';

import { CanvasPen, loadReelFont, measureOn, sizesOf, type ReelPictures } from '../../app/reel/canvas-pen';
import { exportReel } from '../../app/reel/export-reel';
import { bitsPerSecond } from '../../app/reel/film-size';
import { drawFrame, type Stage } from '../../smile/reel/draw-frame';
import { layOut } from '../../smile/reel/layout';
import { FORMATS, sceneOf, type Reel, type SceneKind } from '../../smile/reel/reel';
import { framesOf, FRAMES_PER_SECOND, momentOfFrame, secondsOf } from '../../smile/reel/timeline';
import type { Measured, Way } from './measured';

const FORMAT = FORMATS['9:16'];
const LABEL = 'AI visualisation, not a promise of a result';
/** As the muxer's own default: a key frame each two seconds. */
const KEY_FRAME_EVERY = 2 * FRAMES_PER_SECOND;
/** Frames that wait for the encoder at most. */
const QUEUE_MAX = 4;

/** Exports one film and says how long that took. `before` and `after` are addresses of this origin. */
export async function measure(way: Way, kind: SceneKind, urls: { before: string; after: string }): Promise<Measured> {
	const pictures = await picturesAt(urls);
	await loadReelFont();
	const stage = stageOf(kind, pictures);
	const work = {
		ours: () => ours(stage, pictures),
		raw: () => raw(stage, pictures),
		engine: () => byEngine(stage, urls),
	};
	const startedAt = performance.now();
	const bytes = await work[way]();
	return { milliseconds: performance.now() - startedAt, frames: framesOf(stage.reel), bytes };
}

async function picturesAt({ before, after }: { before: string; after: string }): Promise<ReelPictures> {
	const [first, second] = await Promise.all(
		[before, after].map(async (url) => createImageBitmap(await (await fetch(url)).blob())),
	);
	if (first === undefined || second === undefined) throw new Error('The pictures could not be read.');
	return { before: first, after: second, logo: null };
}

function stageOf(kind: SceneKind, pictures: ReelPictures): Stage {
	const reel: Reel = {
		scenes: [sceneOf(kind, 5)],
		captions: [],
		brand: { name: '', showsLogo: false, accent: '#22468f', ground: '#f3f1eb' },
		label: { assetClass: 'simulation', jurisdiction: 'US-CA', procedure: '' },
		music: null,
		focus: { x: 0.5, y: 0.5 },
	};
	const context = new OffscreenCanvas(1, 1).getContext('2d');
	if (context === null) throw new Error('No canvas.');
	return { reel, layout: layOut(reel, FORMAT, sizesOf(pictures), measureOn(context)) };
}

async function ours(stage: Stage, pictures: ReelPictures): Promise<number> {
	const film = await exportReel(stage, pictures, { signal: new AbortController().signal, onProgress: () => undefined });
	return film.size;
}

/** The browser's encoder fed with a canvas that is painted anew for each frame, its packets counted and thrown away. */
async function raw({ reel, layout }: Stage, pictures: ReelPictures): Promise<number> {
	let bytes = 0;
	let failure: unknown = null;
	const encoder = new VideoEncoder({
		output: (chunk) => {
			bytes += chunk.byteLength;
		},
		error: (error) => {
			failure = error;
		},
	});
	const { width, height } = FORMAT;
	encoder.configure({
		codec: 'avc1.640028',
		width,
		height,
		bitrate: bitsPerSecond(FORMAT),
		framerate: FRAMES_PER_SECOND,
		avc: { format: 'avc' },
	});
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d', { alpha: false });
	if (context === null) throw new Error('No canvas.');
	const pen = new CanvasPen(context, pictures);
	for (let frame = 0; frame < framesOf(reel); frame += 1) {
		drawFrame(pen, { reel, layout }, momentOfFrame(reel, frame));
		const video = new VideoFrame(canvas, {
			timestamp: (frame * 1e6) / FRAMES_PER_SECOND,
			duration: 1e6 / FRAMES_PER_SECOND,
		});
		encoder.encode(video, { keyFrame: frame % KEY_FRAME_EVERY === 0 });
		video.close();
		while (encoder.encodeQueueSize >= QUEUE_MAX) await dequeued(encoder);
	}
	await encoder.flush();
	encoder.close();
	if (failure !== null) throw failure;
	return bytes;
}

function dequeued(encoder: VideoEncoder): Promise<void> {
	return new Promise((resolve) => {
		encoder.addEventListener('dequeue', () => resolve(), { once: true });
	});
}

/** The other engine has no wipe: a mask on the picture before becomes narrower instead, as its documents do it. */
async function byEngine(
	{ reel, layout }: Stage,
	{ before, after }: { before: string; after: string },
): Promise<number> {
	const { width, height } = FORMAT;
	const seconds = secondsOf(reel);
	const [scene] = reel.scenes;
	if (scene === undefined) throw new Error('No scene.');
	const from = scene.seconds.before;
	const composition = new engine.Composition({ width, height, background: '#f3f1eb' });
	const sources = await Promise.all([before, after].map((url) => engine.Source.from<engine.ImageSource>(url)));
	const [first, second] = sources;
	if (first === undefined || second === undefined) throw new Error('The pictures could not be read.');
	// As large and where our layout has them: above the label, cropped by the frame's sides.
	const { picture, sizes } = layout;
	const wide = (sizes.before.width * picture.height) / sizes.before.height;
	const mask = new engine.RectangleMask({
		width: wide,
		height: picture.height,
		animations: [
			{
				key: 'width',
				easing: 'ease-in-out',
				frames: [
					{ time: from, value: wide },
					{ time: from + scene.seconds.motion, value: 0 },
				],
			},
		],
	});
	const placed = {
		x: (width - wide) / 2,
		y: 0,
		height: picture.height,
		width: wide,
		duration: seconds,
	} as const;
	const { area, text, x, baselines } = layout.label;
	for (const clip of [
		new engine.ImageClip(second, placed),
		new engine.ImageClip(first, { ...placed, mask }),
		new engine.RectangleClip({ ...area, fill: '#000000', duration: seconds }),
		new engine.TextClip({
			text: LABEL,
			x,
			y: (baselines[0] ?? area.y) - text.size * 0.8,
			fontSize: text.size,
			color: '#ffffff',
			duration: seconds,
		}),
	]) {
		const layer = await composition.add(new engine.Layer());
		await layer.add(clip);
	}
	const result = await new engine.Encoder(composition, {
		video: { fps: FRAMES_PER_SECOND, bitrate: bitsPerSecond(FORMAT), codec: 'avc' },
		audio: { enabled: false },
		format: 'mp4',
	}).render();
	if (result.type !== 'success' || result.data === undefined) throw new Error(`The engine says ${result.type}.`);
	return result.data.size;
}
