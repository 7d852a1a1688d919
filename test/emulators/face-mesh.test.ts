import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createFaceMesh } from '../../emulators/face-mesh/face-mesh';
import { INNER_LIP } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';

const FACES = fileURLToPath(new URL('../../../shared/faces/', import.meta.url));
const Landmarks = z.object({ faces: z.array(z.array(z.array(z.number()))) });
const mesh = await createFaceMesh();

async function decode(path: string): Promise<Picture> {
	const { data, info } = await sharp(path).rotate().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}

for (const name of ['astronaut.png', 'nasa_alan_shepard.jpg', 'nasa_collins_exif6.jpg', 'codait_Luciano.png']) {
	test.skipIf(!existsSync(FACES + name))(`the lips of ${name} lie within 6 % of the mouth's width`, async () => {
		const picture = await decode(FACES + name);
		const file = Landmarks.parse(JSON.parse(readFileSync(`${FACES}landmarks/${name}.json`, 'utf8')));
		const truth = file.faces[0]!;

		const faces = await mesh.find(picture);

		expect(faces).toHaveLength(1);
		expect(faces[0]).toHaveLength(468);
		const away = (index: number) =>
			Math.hypot(faces[0]![index]!.x - truth[index]![0]!, faces[0]![index]!.y - truth[index]![1]!);
		const width = Math.hypot(truth[78]![0]! - truth[308]![0]!, truth[78]![1]! - truth[308]![1]!);
		const mean = INNER_LIP.reduce((sum, index) => sum + away(index), 0) / INNER_LIP.length / width;
		console.info(`${name}: mean inner-lip distance ${(mean * 100).toFixed(1)} % of a ${width.toFixed(0)} px mouth`);
		expect(mean).toBeLessThan(0.06);
	});
}

for (const name of ['chelsea.png', 'coffee.png']) {
	const path = `${FACES}no-face/${name}`;
	test.skipIf(!existsSync(path))(`no face is found in ${name}`, async () => {
		expect(await mesh.find(await decode(path))).toEqual([]);
	});
}

test.skipIf(!existsSync(`${FACES}astronaut.png`))('two people side by side are two faces', async () => {
	const left = await sharp(`${FACES}astronaut.png`).png().toBuffer();
	const right = await sharp(`${FACES}codait_Luciano.png`).resize(512, 512).png().toBuffer();
	const { data, info } = await sharp({ create: { width: 1024, height: 512, channels: 4, background: '#ffffff' } })
		.composite([
			{ input: left, left: 0, top: 0 },
			{ input: right, left: 512, top: 0 },
		])
		.raw()
		.toBuffer({ resolveWithObject: true });

	const faces = await mesh.find({ width: info.width, height: info.height, data: new Uint8ClampedArray(data) });

	expect(faces).toHaveLength(2);
});
