import { lightAt, lightsFor, normalAt, toDisplay } from './light';
import { mouthOpening } from './mouth';
import { surfaceAt } from './paint';
import type { Patient, Point, Rgb } from './patient';
import { createScene, type Material, type Scene } from './scene';
import { hash, mix } from './sdf';

export interface Drawing {
	readonly width: number;
	readonly height: number;
	/** Colour, three bytes a pixel. */
	readonly rgb: Uint8Array;
	/** Share of each pixel that is tooth, 0 to 255. */
	readonly teeth: Uint8Array;
	/** Share of each pixel that is between the lips, 0 to 255; teeth are part of it. */
	readonly mouth: Uint8Array;
}

/** Distance of the camera and height of the picture at the head, in head units: a long lens. */
const camera = { z: 7.2, height: 2.85, y: 0.02 } as const;

export function blankDrawing(width: number, height: number, shared: boolean): Drawing {
	const bytes = (size: number) => new Uint8Array(shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
	const pixels = width * height;
	return { width, height, rgb: bytes(pixels * 3), teeth: bytes(pixels), mouth: bytes(pixels) };
}

interface Sample {
	readonly light: Rgb;
	readonly surface: Material | 'wall';
	readonly tooth: boolean;
	readonly mouth: boolean;
}

function wall(patient: Patient, u: number, v: number): Rgb {
	const [from, to] = patient.wall;
	const part = Math.min(Math.max(0.5 + 0.32 * u + 0.3 * v, 0), 1);
	const glow = 1 + 0.14 * Math.exp(-((u + 0.1) ** 2 + (v - 0.05) ** 2) / 0.35);
	return [mix(from[0], to[0], part) * glow, mix(from[1], to[1], part) * glow, mix(from[2], to[2], part) * glow];
}

function march(scene: Scene, from: Point, way: Point): number {
	let t = 5.2;
	for (let step = 0; step < 130 && t < 9.2; step++) {
		const d = scene.distance(from[0] + way[0] * t, from[1] + way[1] * t, from[2] + way[2] * t);
		if (d < 0.0006) return t;
		t += d * 0.82;
	}
	return t < 9.2 ? t : -1;
}

/** One ray. `u` and `v` run from -0.5 to 0.5 over the picture's height, v downward. */
function sample(scene: Scene, lights: ReturnType<typeof lightsFor>, u: number, v: number): Sample {
	const { patient, pose } = scene;
	const from = pose.into(0, camera.y, camera.z);
	const target: Point = [u * camera.height, -v * camera.height, -camera.z];
	const length = Math.hypot(...target);
	const way = pose.turn(target[0] / length, target[1] / length, target[2] / length);
	const t = march(scene, from, way);
	if (t < 0) return { light: wall(patient, u, v), surface: 'wall', tooth: false, mouth: false };
	const p: Point = [from[0] + way[0] * t, from[1] + way[1] * t, from[2] + way[2] * t];
	const material = scene.material(...p);
	const surface = surfaceAt(scene, material, ...p);
	const light = lightAt(scene, lights, surface, p, normalAt(scene, ...p), way);
	const tooth = material === 'tooth';
	const behindLips = material === 'skin' && surface.inner && mouthOpening(patient, p[0], p[1]) < 0;
	return { light, surface: material, tooth, mouth: tooth || material === 'gum' || material === 'tongue' || behindLips };
}

/** Samples of one pixel that agree this well, as parts of their light, need no more. */
const agreement = 0.03;

/**
 * `samples` × `samples` rays over a pixel, or only those on its diagonal where they agree: most of a picture is smooth
 * skin, cloth and wall.
 */
function samplePixel(ray: (across: number, down: number) => Sample, samples: number): Sample[] {
	const place = (index: number) => (index + 0.5) / samples;
	const taken = Array.from({ length: samples }, (_, index) => ray(place(index), place(index)));
	const [first] = taken;
	const agree = (one: Sample) =>
		first !== undefined &&
		one.surface === first.surface &&
		([0, 1, 2] as const).every(
			(index) => Math.abs(one.light[index] - first.light[index]) < agreement * (first.light[index] + 0.05),
		);
	if (taken.every(agree)) return taken;
	for (let row = 0; row < samples; row++) {
		for (let column = 0; column < samples; column++) {
			if (row !== column) taken.push(ray(place(column), place(row)));
		}
	}
	return taken;
}

/**
 * Draws one row into `drawing`: `samples` × `samples` rays a pixel. Rows do not depend on one another, so any thread
 * may draw any row and the picture comes out the same. Of a row only the columns `from` up to `to` may be drawn.
 */
export function rowRenderer(
	patient: Patient,
	drawing: Drawing,
	samples: number,
): (row: number, from?: number, to?: number) => void {
	const scene = createScene(patient);
	const lights = lightsFor(scene);
	const { width, height } = drawing;
	return (row, from = 0, to = width) => {
		for (let column = from; column < to; column++) {
			const at = row * width + column;
			const taken = samplePixel(
				(across, down) => sample(scene, lights, (column + across - width / 2) / height, (row + down) / height - 0.5),
				samples,
			);
			const share = 1 / taken.length;
			const mean = (of: (one: Sample) => number) => taken.reduce((sum, one) => sum + of(one), 0) * share;
			// Without the limit one highlight in nine samples leaves a white speck.
			const light = (index: 0 | 1 | 2) => mean((one) => Math.min(one.light[index], 1.6));
			const edge = ((column / width - 0.5) ** 2 + (row / height - 0.5) ** 2) * 0.22;
			const grain = (hash(patient.seed, column, row) - 0.5) * 0.008;
			const byte = (value: number) =>
				Math.min(Math.max(Math.round((toDisplay(value * (1 - edge), patient.exposure) + grain) * 255), 0), 255);
			drawing.rgb[at * 3] = byte(light(0));
			drawing.rgb[at * 3 + 1] = byte(light(1));
			drawing.rgb[at * 3 + 2] = byte(light(2));
			drawing.teeth[at] = Math.round(mean((one) => (one.tooth ? 255 : 0)));
			drawing.mouth[at] = Math.round(mean((one) => (one.mouth ? 255 : 0)));
		}
	};
}

/** The whole picture on this thread: for small sizes and tests. */
export function drawHere(patient: Patient, width: number, height: number, samples: number): Drawing {
	const drawing = blankDrawing(width, height, false);
	const drawRow = rowRenderer(patient, drawing, samples);
	for (let row = 0; row < height; row++) drawRow(row);
	return drawing;
}
