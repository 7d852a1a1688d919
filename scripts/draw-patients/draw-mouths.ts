/**
 * Draws the mouths of sample patients in every tone of skin, with the true masks of their teeth: what `test/smile` measures
 * the product's mask on. Only the pixels around the mouth are drawn, at the place they have in the whole picture.
 *
 *     node --import tsx scripts/draw-patients/draw-mouths.ts [name …]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { z } from 'zod';
import { mouthOf } from '../../smile/landmarks';
import { type Box, clipBox, growBox } from '../../smile/picture';
import { mouths, type Mouth } from './mouths';
import { blankDrawing, rowRenderer } from './render';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const WIDTH = 768;
const HEIGHT = 960;
const SAMPLES = 2;
const SURROUNDINGS_PX = 24;

const Landmarks = z.object({ faces: z.tuple([z.array(z.tuple([z.number(), z.number(), z.number()]))]) });

async function boxOf({ patient }: Mouth): Promise<Box> {
	const json: unknown = JSON.parse(await readFile(`${FIXTURES}patients/${patient.name}.json`, 'utf8'));
	const face = Landmarks.parse(json).faces[0].map(([x, y]) => ({ x, y }));
	return clipBox(growBox(mouthOf(face).box, SURROUNDINGS_PX), { width: WIDTH, height: HEIGHT });
}

async function drawMouth(mouth: Mouth): Promise<Box> {
	const box = await boxOf(mouth);
	const drawing = blankDrawing(WIDTH, HEIGHT, false);
	const drawRow = rowRenderer(mouth.patient, drawing, SAMPLES);
	for (let row = box.y; row < box.y + box.height; row++) drawRow(row, box.x, box.x + box.width);
	const cut = { left: box.x, top: box.y, width: box.width, height: box.height };
	const write = (bytes: Uint8Array, channels: 1 | 3, file: string) =>
		sharp(Buffer.from(bytes), { raw: { width: WIDTH, height: HEIGHT, channels } })
			.extract(cut)
			.png({ compressionLevel: 9, effort: 10 })
			.toFile(`${FIXTURES}mouths/${file}`);
	await write(drawing.rgb, 3, `${mouth.name}.png`);
	await write(drawing.teeth, 1, `${mouth.name}.teeth.png`);
	return box;
}

await mkdir(`${FIXTURES}mouths/`, { recursive: true });
const wanted = process.argv.slice(2);
const listed: unknown[] = [];
for (const mouth of mouths) {
	const started = performance.now();
	const isDrawn = wanted.length === 0 || wanted.includes(mouth.name);
	const box = isDrawn ? await drawMouth(mouth) : await boxOf(mouth);
	listed.push({
		name: mouth.name,
		patient: mouth.patient.name,
		skin: mouth.skin,
		shade: mouth.shade,
		kind: mouth.kind,
		box,
	});
	if (isDrawn) console.log(`${mouth.name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
await writeFile(`${FIXTURES}mouths/mouths.json`, `${JSON.stringify(listed, null, '\t')}\n`);
