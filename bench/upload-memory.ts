import sharp from 'sharp';

import { startEdge } from '../scripts/edge/start-edge';
import { startDeafProcessor } from './deaf-processor';
import { announceUpload, giveConsent, putPhoto, signUp } from './practice';
import type { Row } from './row';
import { MEBIBYTE, peakDuring, residentBytes, runtimePids } from './runtime-memory';

/** As many as one isolate of the media Worker reads at once. */
const UPLOADS = 3;
const BYTES_MAX = 24 * 1024 * 1024;
/** Noise does not compress, so this many pixels at full quality come close to `BYTES_MAX` and stay below. */
const [WIDTH, HEIGHT] = [2900, 2850];

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
