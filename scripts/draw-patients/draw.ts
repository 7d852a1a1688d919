import { Worker } from 'node:worker_threads';
import type { Patient } from './patient';
import { blankDrawing, type Drawing } from './render';

/** What one thread is told. `next` counts the rows handed out so far. */
export interface RowJob {
	readonly patient: Patient;
	readonly drawing: Drawing;
	readonly samples: number;
	readonly next: Int32Array;
}

/** The whole picture, its rows shared between `threads` threads. The result does not depend on their number. */
export async function draw(
	patient: Patient,
	width: number,
	height: number,
	samples: number,
	threads: number,
): Promise<Drawing> {
	const drawing = blankDrawing(width, height, true);
	const next = new Int32Array(new SharedArrayBuffer(4));
	const job: RowJob = { patient, drawing, samples, next };
	const runs = Array.from({ length: threads }, () => {
		const worker = new Worker(new URL('./draw-rows.ts', import.meta.url), { workerData: job });
		return new Promise<void>((resolve, reject) => {
			worker.once('error', reject);
			worker.once('exit', (code) =>
				code === 0 ? resolve() : reject(new Error(`A drawing thread ended with code ${code}.`)),
			);
		});
	});
	await Promise.all(runs);
	return drawing;
}
