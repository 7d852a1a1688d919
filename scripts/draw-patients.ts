/**
 * Draws the sample patients, who are nobody, with the true masks of their teeth: pictures for tests and pages.
 *
 *     node --import tsx scripts/draw-patients.ts [name …] [--samples 3] [--threads 2]
 *
 * The same numbers give the same picture on one engine; another may round differently, so the pictures are committed.
 */
import { parseArgs } from 'node:util';
import { draw } from './draw-patients/draw';
import { keepDrawing, keepLandmarks, keepPhotos } from './draw-patients/keep';
import { patients } from './draw-patients/variants';

const WIDTH = 768;
const HEIGHT = 960;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { samples: { type: 'string', default: '3' }, threads: { type: 'string', default: '2' } },
});

const unknown = positionals.filter((name) => !patients.some((patient) => patient.name === name));
if (unknown.length > 0) {
	console.error(
		`No patient is called ${unknown.join(' or ')}. There are ${patients.map(({ name }) => name).join(', ')}.`,
	);
	process.exit(1);
}

for (const patient of patients) {
	if (positionals.length > 0 && !positionals.includes(patient.name)) continue;
	const started = performance.now();
	const drawing = await draw(patient, WIDTH, HEIGHT, Number(values.samples), Number(values.threads));
	await keepDrawing(patient.name, drawing);
	const faces = await keepLandmarks(patient.name, drawing);
	const told = await keepPhotos(patient.name, drawing, faces, patient.shades);
	const seconds = ((performance.now() - started) / 1000).toFixed(0);
	console.log(`${patient.name}: ${faces.length} face, ${told}, ${seconds} s`);
}
