/**
 * Runs in a page, bundled: reads an MP4 by mediabunny's demuxer and the browser's decoders, which know nothing of how it was
 * made. Frames come back as PNG in base64.
 */
import { ALL_FORMATS, AudioBufferSink, BufferSource, CanvasSink, EncodedPacketSink, Input } from 'mediabunny';

import { SAMPLE_RATE, synthesise } from '../../../smile/music/synthesise';
import type { MusicId } from '../../../smile/music/pieces';

export interface FilmFacts {
	readonly mimeType: string;
	readonly seconds: number;
	readonly video: {
		readonly codec: string;
		readonly width: number;
		readonly height: number;
		readonly frames: number;
		/** Seconds from the first frame's beginning to the end of the last. */
		readonly seconds: number;
		readonly keyFrames: number;
		readonly colour: VideoColorSpaceInit;
	};
	readonly audio: {
		readonly codec: string;
		readonly channels: number;
		readonly rate: number;
		readonly seconds: number;
	} | null;
	/** By their index, as they were asked for. */
	readonly frames: readonly string[];
}

const FRAMES_PER_SECOND = 30;

/** `film` is its bytes in base64: a page may not ask for a blob's address. */
export async function readFilm(film: string, framesAsked: readonly number[]): Promise<FilmFacts> {
	const input = inputOf(film);
	const [video, audio] = await Promise.all([input.getPrimaryVideoTrack(), input.getPrimaryAudioTrack()]);
	if (video === null) throw new Error('There is no picture in this film.');
	const packets = await packetsOf(video);
	const sink = new CanvasSink(video);
	const frames: string[] = [];
	for (const frame of framesAsked) {
		const shown = await sink.getCanvas((frame + 0.5) / FRAMES_PER_SECOND);
		if (shown === null) throw new Error(`Frame ${frame} is missing.`);
		frames.push(await base64Of(shown.canvas));
	}
	return {
		mimeType: await input.getMimeType(),
		seconds: await input.computeDuration(),
		video: {
			codec: (await video.getCodecParameterString()) ?? '',
			width: await video.getDisplayWidth(),
			height: await video.getDisplayHeight(),
			seconds: await video.computeDuration(),
			colour: await video.getColorSpace(),
			...packets,
		},
		audio:
			audio === null
				? null
				: {
						codec: (await audio.getCodecParameterString()) ?? '',
						channels: await audio.getNumberOfChannels(),
						rate: await audio.getSampleRate(),
						seconds: await audio.computeDuration(),
					},
		frames,
	};
}

/**
 * How many samples the sound in the film comes after the sound that was written for it, where both agree best; and how well,
 * 0 to 1.
 */
export async function soundLag(
	film: string,
	piece: MusicId,
	seconds: number,
): Promise<{ samples: number; agreement: number }> {
	const audio = await inputOf(film).getPrimaryAudioTrack();
	if (audio === null) throw new Error('There is no sound in this film.');
	const heard = new Float32Array(Math.ceil((seconds + 1) * SAMPLE_RATE));
	for await (const { buffer, timestamp } of new AudioBufferSink(audio).buffers()) {
		const first = Math.round(timestamp * SAMPLE_RATE);
		const samples = buffer.getChannelData(0);
		for (const [at, value] of samples.entries()) if (first + at >= 0) heard[first + at] = value;
	}
	const written = synthesise(piece, seconds).left;
	let best = { samples: 0, agreement: -1 };
	for (let lag = -LAG_MAX; lag <= LAG_MAX; lag += LAG_STEP) {
		const agreement = agreementOf(written, heard, lag);
		if (agreement > best.agreement) best = { samples: lag, agreement };
	}
	return best;
}

/** A tenth of a second, and a tenth of a millisecond. */
const LAG_MAX = SAMPLE_RATE / 10;
const LAG_STEP = 5;
/** The second in which both are compared, away from the beginning, of which every fourth sample is enough. */
const FROM = SAMPLE_RATE;
const STRIDE = 4;

function agreementOf(written: Float32Array, heard: Float32Array, lag: number): number {
	let [both, one, other] = [0, 0, 0];
	for (let at = FROM; at < FROM + SAMPLE_RATE; at += STRIDE) {
		const [a, b] = [written[at] ?? 0, heard[at + lag] ?? 0];
		both += a * b;
		one += a * a;
		other += b * b;
	}
	return both / Math.sqrt(one * other || 1);
}

function inputOf(film: string): Input {
	const bytes = Uint8Array.from(atob(film), (letter) => letter.charCodeAt(0));
	return new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
}

async function packetsOf(video: NonNullable<Awaited<ReturnType<Input['getPrimaryVideoTrack']>>>) {
	const { packetCount } = await video.computePacketStats();
	let keyFrames = 0;
	for await (const packet of new EncodedPacketSink(video).packets(undefined, undefined, { metadataOnly: true })) {
		if (packet.type === 'key') keyFrames += 1;
	}
	return { frames: packetCount, keyFrames };
}

async function base64Of(canvas: HTMLCanvasElement | OffscreenCanvas): Promise<string> {
	const copy = new OffscreenCanvas(canvas.width, canvas.height);
	copy.getContext('2d')?.drawImage(canvas, 0, 0);
	const bytes = new Uint8Array(await (await copy.convertToBlob({ type: 'image/png' })).arrayBuffer());
	return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}
