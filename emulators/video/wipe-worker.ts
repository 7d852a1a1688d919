// Runs in a worker thread: two seconds and more of encoding would leave the server deaf.

import { parentPort, workerData } from 'node:worker_threads';
import h264 from 'h264-mp4-encoder';
import { streamableMp4 } from './streamable-mp4';
import { drawWipe, wipeProgress, yuvOf } from './wipe-frames';
import type { WipeNews, WipeOrder } from './wipe-messages';

// The encoder is fast at the cost of size. Steps below 24 double the file, and above 28 skin shows blocks.
const SPEED = 10;
const QUANTIZATION = 24;

/** Frames between two pictures that stand alone: one second, so that a player can seek to any second. */
const KEYFRAME_SECONDS = 1;

const NEWS_EVERY_FRAMES = 10;

const order: WipeOrder = workerData;
const tell = (news: WipeNews) => parentPort?.postMessage(news, []);
tell({ type: 'done', mp4: await encode(order) });

async function encode({ before, after, width, height, seconds, framesPerSecond }: WipeOrder): Promise<Uint8Array> {
	const encoder = await h264.createH264MP4Encoder();
	encoder.width = width;
	encoder.height = height;
	encoder.frameRate = framesPerSecond;
	encoder.speed = SPEED;
	encoder.quantizationParameter = QUANTIZATION;
	encoder.groupOfPictures = framesPerSecond * KEYFRAME_SECONDS;
	encoder.initialize();
	const pictures = { before: yuvOf(before, width, height), after: yuvOf(after, width, height), width, height };
	const frame = new Uint8Array(pictures.before.length);
	const frames = Math.round(seconds * framesPerSecond);
	for (let index = 0; index < frames; index++) {
		drawWipe(frame, pictures, wipeProgress(index / (frames - 1)));
		encoder.addFrameYuv(frame);
		if (index % NEWS_EVERY_FRAMES === 0) tell({ type: 'progress', fraction: index / frames });
	}
	encoder.finalize();
	const mp4 = encoder.FS.readFile(encoder.outputFilename);
	encoder.delete();
	return streamableMp4(mp4, framesPerSecond * KEYFRAME_SECONDS);
}
