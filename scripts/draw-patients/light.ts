import type { Surface } from './paint';
import type { Point, Rgb } from './patient';
import type { Scene } from './scene';
import { clamp, mix } from './sdf';

function unit(x: number, y: number, z: number): Point {
	const length = Math.hypot(x, y, z) || 1;
	return [x / length, y / length, z / length];
}

function dot(a: Point, b: Point): number {
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Slope of the field by four taps at the corners of a tetrahedron (after Inigo Quilez). */
export function normalAt(scene: Scene, x: number, y: number, z: number): Point {
	const e = 0.0016;
	const a = scene.distance(x + e, y - e, z - e);
	const b = scene.distance(x - e, y - e, z + e);
	const c = scene.distance(x - e, y + e, z - e);
	const d = scene.distance(x + e, y + e, z + e);
	return unit(a - b - c + d, -a - b + c + d, -a + b - c + d);
}

/** How open the place is to the sky: five taps along the normal. */
function openness(scene: Scene, [x, y, z]: Point, [nx, ny, nz]: Point): number {
	let hidden = 0;
	let weight = 1;
	for (let tap = 1; tap <= 5; tap++) {
		const h = 0.012 + 0.042 * tap;
		hidden += (h - scene.distance(x + nx * h, y + ny * h, z + nz * h)) * weight;
		weight *= 0.78;
	}
	return clamp(1 - 1.25 * hidden, 0.04, 1);
}

/** Soft shadow of the key light: the narrowest miss on the way to it. */
function shadow(scene: Scene, [x, y, z]: Point, [lx, ly, lz]: Point): number {
	let least = 1;
	let t = 0.03;
	for (let step = 0; step < 26 && t < 2.2; step++) {
		const d = scene.distance(x + lx * t, y + ly * t, z + lz * t);
		if (d < 0.001) return 0;
		// Parts answer with a lower bound from 0.09 on, so a wider half-shadow would show where their bounds end.
		least = Math.min(least, d / Math.min(0.09, t / 5));
		t += clamp(d, 0.018, 0.16);
	}
	return least * least * (3 - 2 * least);
}

const keyColour: Rgb = [1.3, 1.15, 0.98];

export interface Lights {
	readonly key: Point;
	readonly fill: Point;
	readonly rims: readonly [Point, Point];
	readonly up: Point;
}

/** The room's lights, seen from the head: warm key from the upper left, weak fill, two rims from behind. */
export function lightsFor(scene: Scene): Lights {
	const turned = (x: number, y: number, z: number) => scene.pose.turn(...unit(x, y, z));
	return {
		key: turned(-0.44, 0.52, 0.86),
		fill: turned(0.75, 0.05, 0.6),
		rims: [turned(-0.85, 0.35, -0.42), turned(0.85, 0.45, -0.4)],
		up: turned(0, 1, 0),
	};
}

function highlight(surface: Surface, n: Point, light: Point, view: Point): number {
	const half = unit(light[0] - view[0], light[1] - view[1], light[2] - view[2]);
	if (!surface.along) return Math.max(dot(n, half), 0) ** surface.power;
	const across = dot(surface.along, half);
	return Math.max(1 - across * across, 0) ** (surface.power * 0.5) * clamp(dot(n, light) * 2 + 0.3, 0, 1);
}

/** Light leaving a place toward the eye. `view` points from the eye to the place. */
export function lightAt(scene: Scene, lights: Lights, surface: Surface, p: Point, n: Point, view: Point): Rgb {
	const ao = openness(scene, p, n);
	const facing = dot(n, lights.key);
	const lit =
		facing > -0.45 ? shadow(scene, [p[0] + n[0] * 0.012, p[1] + n[1] * 0.012, p[2] + n[2] * 0.012], lights.key) : 0;
	const rimFacing = surface.inner
		? 0
		: Math.max(dot(n, lights.rims[0]), 0) * 0.22 + Math.max(dot(n, lights.rims[1]), 0) * 0.3;
	const fill = Math.max(dot(n, lights.fill) * 0.7 + 0.3, 0);
	const up = dot(n, lights.up) * 0.5 + 0.5;
	const shine =
		surface.gloss * highlight(surface, n, lights.key, view) * lit * 3 +
		surface.gloss * highlight(surface, n, lights.fill, view) * ao * 0.7;
	const brightness = (surface.albedo[0] + surface.albedo[1] + surface.albedo[2]) / 3;
	const edge = surface.inner ? 0 : (0.006 + 0.12 * brightness) * (1 + dot(n, view)) ** 3 * ao;
	const channel = (index: 0 | 1 | 2): number => {
		const wrap = ([0.42, 0.24, 0.18] as const)[index] * surface.soft;
		const wrapped = Math.max((facing + wrap) / (1 + wrap), 0);
		const through = index === 0 ? mix(1, 0.55, surface.soft) : mix(1, 0.85, surface.soft);
		const closed = index === 0 ? mix(1, 0.7, surface.soft) : 1;
		const sky = ([0.33, 0.37, 0.42] as const)[index];
		const ground = ([0.3, 0.25, 0.21] as const)[index];
		const ambient = mix(ground, sky, up) * ao ** closed;
		const key = keyColour[index] * wrapped * lit ** through;
		const cool = ([0.2, 0.22, 0.25] as const)[index] * fill * ao ** closed;
		return (
			surface.albedo[index] * (key + cool + ambient + rimFacing * ao) +
			shine * keyColour[index] * (surface.along ? Math.min(surface.albedo[index] * 7 + 0.12, 1) : 1) +
			edge
		);
	};
	return [channel(0), channel(1), channel(2)];
}

/** Filmic shoulder and the display's gamma: linear light to 0…1. */
export function toDisplay(value: number, exposure: number): number {
	const x = Math.max(value * exposure, 0);
	const curved = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
	return clamp(curved, 0, 1) ** (1 / 2.2);
}
