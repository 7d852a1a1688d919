import { workerData } from 'node:worker_threads';
import type { RowJob } from './draw';
import { rowRenderer } from './render';

// Only draw.ts starts this thread, so what it hands over is a RowJob.
const job: RowJob = workerData;
const drawRow = rowRenderer(job.patient, job.drawing, job.samples);
for (let row = Atomics.add(job.next, 0, 1); row < job.drawing.height; row = Atomics.add(job.next, 0, 1)) drawRow(row);
