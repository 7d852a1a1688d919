import { readFile, readdir } from 'node:fs/promises';

import sharp from 'sharp';

import { startEdge } from '../scripts/edge/start-edge';
import { startDeafProcessor } from './deaf-processor';
import { announceUpload, giveConsent, putPhoto, signUp } from './practice';
import type { Row } from './row';

/** As many as one isolate of the media Worker reads at once. */
const UPLOADS = 3;
const BYTES_MAX = 24 * 1024 * 1024;
/** Noise does not compress, so this many pixels at full quality come close to `BYTES_MAX` and stay below. */
const [WIDTH, HEIGHT] = [2900, 2850];
const MEBIBYTE = 2 ** 20;
const SAMPLE_MS = 20;

/** Process ids of the runtimes that this program started; Linux alone tells. */
async function runtimePids(): Promise<number[]> {
	const pids: number[] = [];
	for (const entry of await readdir('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
		const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
		if (name.startsWith('workerd') && Number(parent) === process.pid) pids.push(Number(entry));
	}
	return pids;
}

async function residentBytes(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The largest memory while `work` runs. */
async function peakDuring(pid: number, work: () => Promise<void>): Promise<number> {
	let peak = await residentBytes(pid);
	const sample = async () => {
		peak = Math.max(peak, await residentBytes(pid));
	};
	const timer = setInterval(() => void sample().catch(() => undefined), SAMPLE_MS);
	try {
		await work();
		await sample();
	} finally {
		clearInterval(timer);
	}
	return peak;
}

async function bigPhoto(): Promise<Uint8Array<ArrayBuffer>> {
	const noise = sharp({
		create: {
			width: WIDTH,
			height: HEIGHT,
			channels: 3,
			background: 'grey',
			noise: { type: 'gaussian', mean: 128, sigma: 80 },
		},
	});
	const bytes = await noise.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
	if (bytes.byteLength > BYTES_MAX) throw new Error(`The photo of the bench has ${bytes.byteLength} bytes, too many.`);
	return new Uint8Array(bytes);
}

/** Memory of the whole runtime while photos of the largest kind arrive at once, by what it was after one such upload. */
export async function run(): Promise<Row[]> {
	if (process.platform !== 'linux') return [];
	const photo = await bigPhoto();
	const processor = await startDeafProcessor();
	const edge = await startEdge({ studio: 'dental', stateDir: null, emulators: processor.origin, isBuilt: true });
	try {
		const [pid] = await runtimePids();
		if (pid === undefined) throw new Error('The runtime of the edge was not found among the processes.');
		const { client } = await signUp(edge);
		const consent = await giveConsent(client);
		const announce = () =>
			announceUpload(client, { ...consent, contentType: 'image/jpeg', byteLength: photo.byteLength });
		await putPhoto(await announce(), photo);
		const uploads = await Promise.all(Array.from({ length: UPLOADS }, announce));
		const before = await residentBytes(pid);
		const peak = await peakDuring(pid, async () => {
			await Promise.all(uploads.map((upload) => putPhoto(upload, photo)));
		});
		const each = (peak - before) / UPLOADS;
		const size = photo.byteLength / MEBIBYTE;
		return [
			{
				what: `memory of the runtime, ${UPLOADS} uploads at once, per upload`,
				figure: each / MEBIBYTE,
				unit: 'MiB',
				comparedWith: `one photo, ${size.toFixed(1)} MiB`,
				ratio: each / photo.byteLength,
			},
			{ what: 'memory of the runtime at the peak', figure: peak / MEBIBYTE, unit: 'MiB' },
		];
	} finally {
		await edge.close();
		await processor.close();
	}
}
