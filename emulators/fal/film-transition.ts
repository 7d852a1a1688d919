import sharp from 'sharp';
import { z } from 'zod';
import type { Picture } from '../../smile/picture';
import type { FaceMesh } from '../face-mesh/face-mesh';
import { wipeFilm } from '../video/encode-wipe';
import { decodePicture } from './decode-picture';
import { fetchInput } from './fetch-input';
import { detailOf, type Model, type ModelJob, refuse } from './model';

const FRAMES_PER_SECOND = 30;

/** The film's shorter side in pixels; the other follows from the aspect ratio. */
const SHORT_SIDE = { '360p': 360, '540p': 540, '720p': 720, '1080p': 1080 } as const;

const Input = z.object({
	prompt: z.string().min(1).max(5000),
	first_image_url: z.string(),
	end_image_url: z.string().optional(),
	duration: z.int().min(1).max(15).default(5),
	aspect_ratio: z.enum(['16:9', '4:3', '1:1', '3:4', '9:16', '2:3', '3:2', '21:9']).default('16:9'),
	resolution: z.enum(['360p', '540p', '720p', '1080p']).default('720p'),
	negative_prompt: z.string().optional(),
	seed: z.int().optional(),
});

/** The film's size in pixels, even on both sides as H.264 wants it. */
export function filmSize(aspect: string, resolution: keyof typeof SHORT_SIDE): { width: number; height: number } {
	const [across = 1, down = 1] = aspect.split(':').map(Number);
	const short = SHORT_SIDE[resolution];
	const long = Math.round((short * Math.max(across, down)) / Math.min(across, down) / 2) * 2;
	return across >= down ? { width: long, height: short } : { width: short, height: long };
}

/** Stands for `fal-ai/pixverse/v6/transition`: from the first picture to the last by a gentle wipe. */
export function filmTransition(faceMesh: FaceMesh): Model {
	return {
		endpoint: 'fal-ai/pixverse/v6/transition',
		async run(body, job) {
			const parsed = Input.safeParse(body);
			if (!parsed.success) return { ok: false, detail: detailOf(parsed.error, body) };
			const { first_image_url: firstAddress, end_image_url: endAddress, duration } = parsed.data;

			job.report(0.02, 'Reading the pictures');
			const first = await readPicture(firstAddress, job);
			if (typeof first === 'string') return refuse(['first_image_url'], 'file_download_error', first, firstAddress);
			const last = endAddress === undefined ? first : await readPicture(endAddress, job);
			if (typeof last === 'string') return refuse(['end_image_url'], 'file_download_error', last, endAddress);

			const size = filmSize(parsed.data.aspect_ratio, parsed.data.resolution);
			const focus = await focusOf(faceMesh, first);
			job.report(0.08, 'Filming');
			const mp4 = await wipeFilm(
				{
					before: await cover(first, size, focus),
					after: await cover(last, size, focus),
					...size,
					seconds: duration,
					framesPerSecond: FRAMES_PER_SECOND,
				},
				(fraction) => job.report(0.08 + fraction * 0.9, `Filmed ${Math.round(fraction * 100)} %`),
				job.signal,
			);
			const video = job.keep({ name: 'output.mp4', contentType: 'video/mp4', bytes: new Uint8Array(mp4) });
			return { ok: true, output: { video }, billableUnits: duration };
		},
	};
}

async function readPicture(address: string, job: ModelJob): Promise<Picture | string> {
	const file = await fetchInput(address, job.signal);
	if (!file.ok) return file.message;
	return (await decodePicture(file.bytes)) ?? 'The file is not a picture.';
}

/** The middle of the first face in parts of the picture, so that a wide photo keeps its person in a tall film. */
async function focusOf(faceMesh: FaceMesh, picture: Picture): Promise<{ x: number; y: number }> {
	const [face] = await faceMesh.find(picture);
	if (!face) return { x: 0.5, y: 0.5 };
	const xs = face.map(({ x }) => x / picture.width);
	const ys = face.map(({ y }) => y / picture.height);
	return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}

/** The largest part of the picture in the film's proportions, as near to `focus` as it goes, at the film's size. */
async function cover(
	picture: Picture,
	size: { readonly width: number; readonly height: number },
	focus: { readonly x: number; readonly y: number },
): Promise<Uint8Array> {
	const { width, height, data } = picture;
	const scale = Math.min(width / size.width, height / size.height);
	const cut = { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
	const left = Math.round(Math.min(Math.max(focus.x * width - cut.width / 2, 0), width - cut.width));
	const top = Math.round(Math.min(Math.max(focus.y * height - cut.height / 2, 0), height - cut.height));
	const pixels = await sharp(data, { raw: { width, height, channels: 4 } })
		.extract({ left, top, ...cut })
		.resize(size.width, size.height, { fit: 'fill' })
		.flatten({ background: '#ffffff' })
		.ensureAlpha()
		.raw()
		.toBuffer();
	return new Uint8Array(pixels);
}
