/**
 * A reel as an MP4, made on this device by its own encoder. Loaded on demand: the muxer is 55 kB, and the AAC encoder, a
 * megabyte, comes only where the browser has none.
 *
 * The film is H.264 in limited range (see `writeI420`), tagged BT.709 with the transfer of sRGB, as its pictures are.
 */
import {
	AudioSample,
	AudioSampleSource,
	BufferTarget,
	canEncodeAudio,
	canEncodeVideo,
	Mp4OutputFormat,
	Output,
	Quality,
	VideoSample,
	VideoSampleSource,
} from 'mediabunny';

import { SAMPLE_RATE, synthesise, type Stereo } from '../../smile/music/synthesise';
import { changedArea } from '../../smile/reel/changed-area';
import { drawFrame, type Stage } from '../../smile/reel/draw-frame';
import { emptyI420, writeI420, type I420Frame } from '../../smile/reel/i420';
import { framesOf, FRAMES_PER_SECOND, momentOfFrame, secondsOf, type Moment } from '../../smile/reel/timeline';
import { CanvasPen, type ReelPictures } from './canvas-pen';
import { bitsPerSecond, SOUND_BITS_PER_SECOND } from './film-size';

/** Why there is no film; the message can be shown as it is. */
export class ExportRefusal extends Error {}

const NO_FILM =
	'This browser cannot write H.264 films. Open this page in Chrome, Edge or Safari. The poster, the still pair and the consult sheet can be made here.';
const NO_SOUND = 'This page cannot encode sound as it was opened. Load it again, or export without music.';

interface ExportOptions {
	readonly signal: AbortSignal;
	/** After each frame. */
	readonly onProgress: (frames: number) => void;
}

/** The film, or an `ExportRefusal`; an `AbortError` once `signal` says so, and then nothing is kept. */
export async function exportReel(stage: Stage, pictures: ReelPictures, options: ExportOptions): Promise<Blob> {
	const { reel, layout } = stage;
	const { format } = layout;
	if (!(await canEncodeVideo('avc', { width: format.width, height: format.height }))) throw new ExportRefusal(NO_FILM);
	if (reel.music !== null) await needAac();
	const target = new BufferTarget();
	const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
	const frames = new VideoSampleSource({ codec: 'avc', quality: new Quality({ bitrate: bitsPerSecond(format) }) });
	output.addVideoTrack(frames, { frameRate: FRAMES_PER_SECOND });
	const quality = new Quality({ bitrate: SOUND_BITS_PER_SECOND });
	const sound = reel.music === null ? null : new AudioSampleSource({ codec: 'aac', quality });
	if (sound !== null) output.addAudioTrack(sound);
	try {
		await output.start();
		const music = reel.music === null ? null : synthesise(reel.music, secondsOf(reel));
		await addFrames(stage, pictures, options, async (frame, sample) => {
			const isSecond = frame % FRAMES_PER_SECOND === 0;
			if (isSecond && sound !== null && music !== null) await addSecond(sound, music, frame / FRAMES_PER_SECOND);
			await frames.add(sample);
		});
		await output.finalize();
	} catch (error) {
		if (output.state !== 'finalized' && output.state !== 'canceled') await output.cancel();
		throw error;
	}
	if (target.buffer === null) throw new Error('The film has no bytes.');
	return new Blob([target.buffer], { type: 'video/mp4' });
}

/** Paints, converts and hands over each frame; of one that equals the frame before, nothing is done twice. */
async function addFrames(
	stage: Stage,
	pictures: ReelPictures,
	{ signal, onProgress }: ExportOptions,
	add: (frame: number, sample: VideoSample) => Promise<void>,
): Promise<void> {
	const { reel, layout } = stage;
	const { width, height } = layout.format;
	const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true, alpha: false });
	if (context === null) throw new ExportRefusal(NO_FILM);
	const pen = new CanvasPen(context, pictures);
	const pixels = emptyI420(width, height);
	const total = framesOf(reel);
	let earlier: Moment | null = null;
	for (let frame = 0; frame < total; frame += 1) {
		signal.throwIfAborted();
		const moment = momentOfFrame(reel, frame);
		const area = changedArea(layout.format, earlier, moment);
		if (area !== null) {
			pen.within(area, () => drawFrame(pen, stage, moment));
			writeI420(pixels, context.getImageData(area.x, area.y, area.width, area.height).data, area);
		}
		earlier = moment;
		const sample = sampleOf(pixels, frame);
		try {
			await add(frame, sample);
		} finally {
			sample.close();
		}
		onProgress(frame + 1);
		await otherTasks();
	}
}

function sampleOf({ width, height, bytes }: I420Frame, frame: number): VideoSample {
	const duration = 1 / FRAMES_PER_SECOND;
	return new VideoSample(
		new VideoFrame(bytes, {
			format: 'I420',
			codedWidth: width,
			codedHeight: height,
			timestamp: Math.round(frame * duration * 1e6),
			duration: Math.round(duration * 1e6),
			colorSpace: { primaries: 'bt709', matrix: 'bt709', transfer: 'iec61966-2-1', fullRange: false },
		}),
		{ timestamp: frame * duration, duration },
	);
}

async function addSecond(source: AudioSampleSource, { left, right }: Stereo, second: number): Promise<void> {
	const from = second * SAMPLE_RATE;
	const [first, other] = [left, right].map((channel) => channel.subarray(from, from + SAMPLE_RATE));
	if (first === undefined || other === undefined || first.length === 0) return;
	const data = new Float32Array(first.length * 2);
	data.set(first);
	data.set(other, first.length);
	const sample = new AudioSample({
		data,
		format: 'f32-planar',
		numberOfChannels: 2,
		sampleRate: SAMPLE_RATE,
		timestamp: second,
	});
	await source.add(sample);
	sample.close();
}

async function needAac(): Promise<void> {
	const asked = { numberOfChannels: 2, sampleRate: SAMPLE_RATE };
	if (await canEncodeAudio('aac', asked)) return;
	if (!mayCompile()) throw new ExportRefusal(NO_SOUND);
	const { registerAacEncoder } = await import('@mediabunny/aac-encoder');
	registerAacEncoder();
}

/** The smallest module there is: a page whose policy forbids compiling would hang in the encoder's worker instead. */
function mayCompile(): boolean {
	try {
		return new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])) instanceof WebAssembly.Module;
	} catch {
		return false;
	}
}

/** Lets the page answer clicks between two frames. A timer would be slowed to one a second while the page is not seen. */
function otherTasks(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.addEventListener('message', () => {
			port1.close();
			resolve();
		});
		port1.start();
		port2.postMessage(null);
	});
}
