import sharp from 'sharp';
import { z } from 'zod';
import { whitenSmile } from '../../smile/retouch';
import { isShade, type Shade } from '../../smile/shades';
import type { FaceMesh } from '../face-mesh/face-mesh';
import { decodePicture } from './decode-picture';
import { fetchInput } from './fetch-input';
import { detailOf, type Model, refuse } from './model';

const Input = z.object({
	prompt: z.string().min(3).max(50_000),
	image_urls: z.array(z.string()).min(1).max(10),
	num_images: z.int().min(1).max(4).default(1),
	output_format: z.enum(['jpeg', 'png', 'webp']).default('png'),
	resolution: z.enum(['0.5K', '1K', '2K', '4K']).default('1K'),
	aspect_ratio: z
		.enum(['auto', '21:9', '16:9', '3:2', '4:3', '5:4', '1:1', '4:5', '3:4', '2:3', '9:16', '4:1', '1:4', '8:1', '1:8'])
		.default('auto'),
	seed: z.int().optional(),
});

const SHADE = String.raw`(?:vita\s+)?(?:classical\s+)?(?:shade\s+)?(BL[1-4]|[A-D][1-4](?:\.5)?)\b`;
const FROM_TO = new RegExp(String.raw`from\s+${SHADE}\s+to\s+${SHADE}`, 'i');

/** The two shades a prompt names ("from VITA classical A3 to A1"), or A3 to A1 when it names none. */
export function shadesOfPrompt(prompt: string): { from: Shade; to: Shade } {
	const [, from, to] = FROM_TO.exec(prompt) ?? [];
	const [fromShade, toShade] = [from?.toUpperCase() ?? '', to?.toUpperCase() ?? ''];
	return isShade(fromShade) && isShade(toShade) ? { from: fromShade, to: toShade } : { from: 'A3', to: 'A1' };
}

/**
 * How far of the way a prompt asks to go and how even the colour is to be, 0 to 1. Not at all where it keeps the colour, for
 * this stand-in moves no tooth and would otherwise answer with a change nobody asked for. Absent: as usual.
 */
export function amountsOfPrompt(prompt: string): { amount?: number; evenness?: number } {
	if (/keep the colou?r of the teeth exactly/i.test(prompt)) return { amount: 0 };
	const [, percent] = /about (\d{1,3}) percent of the way/i.exec(prompt) ?? [];
	const [, evenness] = /between the teeth by about (\d{1,3}) percent/i.exec(prompt) ?? [];
	return {
		...(percent === undefined ? {} : { amount: Number(percent) / 100 }),
		...(evenness === undefined ? {} : { evenness: Number(evenness) / 100 }),
	};
}

/**
 * Stands for `fal-ai/nano-banana-2/edit`: changes the shade of the teeth in the first picture and nothing else.
 * The answer has the picture's own size, whatever resolution was asked for, because the pixels around the teeth are to
 * stay as they are. The outer picture is always PNG inside the mask's promise; other formats are re-encoded on request.
 */
export function editSmile(faceMesh: FaceMesh): Model {
	return {
		endpoint: 'fal-ai/nano-banana-2/edit',
		async run(body, job) {
			const parsed = Input.safeParse(body);
			if (!parsed.success) return { ok: false, detail: detailOf(parsed.error, body) };
			const { prompt, image_urls: addresses, output_format: format } = parsed.data;
			const address = addresses[0] ?? '';

			job.report(0.05, 'Reading the picture');
			const file = await fetchInput(address, job.signal);
			if (!file.ok) return refuse(['image_urls', 0], 'file_download_error', file.message, address);
			const picture = await decodePicture(file.bytes);
			if (!picture) return refuse(['image_urls', 0], 'image_load_error', 'The file is not a picture.', address);

			job.report(0.25, 'Finding the smile');
			const faces = await faceMesh.find(picture);
			job.report(0.5, 'Changing the shade');
			const result = whitenSmile(picture, faces, { ...shadesOfPrompt(prompt), ...amountsOfPrompt(prompt) });
			if (!result.ok) return refuse(['image_urls', 0], result.refusal.code, result.refusal.message);

			job.report(0.8, 'Writing the picture');
			const { width, height, data } = result.after;
			const bytes = await sharp(data, { raw: { width, height, channels: 4 } })
				.toFormat(format)
				.toBuffer();
			const link = job.keep({ name: `after.${format}`, contentType: `image/${format}`, bytes: new Uint8Array(bytes) });
			const output = { images: [{ ...link, width, height }], description: 'The teeth in the shade asked for.' };
			return { ok: true, output, billableUnits: 1 };
		},
	};
}
