import { eye, lidEdges } from './eyes';
import { onLock } from './locks';
import { lipEdges, mouthOpening, vermilion } from './mouth';
import type { Patient, Rgb } from './patient';
import type { Material, Scene } from './scene';
import { clamp, hash, mix, noise, segmentDistance, smoothstep } from './sdf';

/** What a surface does with light at one place. */
export interface Surface {
	readonly albedo: Rgb;
	/** Strength and sharpness of the highlight. */
	readonly gloss: number;
	readonly power: number;
	/** 1: light enters and comes out reddened, as in skin. */
	readonly soft: number;
	/** Direction of a hair, when the highlight lies across it. */
	readonly along: Rgb | null;
	/** Inside the mouth no rim light arrives. */
	readonly inner: boolean;
}

function blend(a: Rgb, b: Rgb, part: number): Rgb {
	return [mix(a[0], b[0], part), mix(a[1], b[1], part), mix(a[2], b[2], part)];
}

function scale(a: Rgb, by: number): Rgb {
	return [a[0] * by, a[1] * by, a[2] * by];
}

function times(a: Rgb, b: Rgb): Rgb {
	return [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
}

function spot(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
	return Math.exp(-(((x - cx) / rx) ** 2) - ((y - cy) / ry) ** 2);
}

function plain(albedo: Rgb, gloss: number, power: number, soft: number): Surface {
	return { albedo, gloss, power, soft, along: null, inner: false };
}

function bareSkin(patient: Patient, x: number, y: number, z: number): Rgb {
	const ax = Math.abs(x);
	const { tone, blush, freckles, stubble } = patient.skin;
	const red =
		z > 0.1
			? 0.75 * spot(ax, y, 0.36, -0.24, 0.17, 0.13) +
				0.5 * spot(ax, y, 0, -0.24, 0.11, 0.08) +
				0.3 * spot(ax, y, 0, -0.87, 0.13, 0.08)
			: 0;
	let colour = blend(tone, blush, clamp(red, 0, 1) * 0.75);
	const ears = smoothstep(0.6, 0.66, ax) * smoothstep(0.25, 0.15, Math.abs(y + 0.03));
	colour = blend(colour, blush, ears * 0.4);
	colour = scale(colour, 1 - 0.12 * spot(ax, y, eye.x, eye.y - 0.01, 0.2, 0.13));
	if (freckles > 0 && z > 0.3 && y < 0.05 && y > -0.4) {
		const dots =
			smoothstep(0.72, 0.82, noise(x * 74 + 9, y * 74, 3.5)) * smoothstep(0.45, 0.75, noise(x * 11, y * 11 + 5, 8));
		colour = blend(
			colour,
			times(tone, [0.62, 0.47, 0.36]),
			freckles * dots * (spot(ax, y, 0.25, -0.17, 0.24, 0.13) + 0.1),
		);
	}
	if (stubble > 0 && z > -0.15) {
		const jaw = smoothstep(-0.36, -0.6, y + 0.25 * ax) * smoothstep(-1.08, -0.95, y - 0.1 * z);
		const lipBand = spot(ax, y, 0, -0.43, 0.2, 0.06);
		const grain = 0.75 + 0.5 * noise(x * 90, y * 90, z * 90);
		colour = blend(colour, times(tone, [0.5, 0.5, 0.55]), clamp(stubble * Math.max(jaw, lipBand) * grain, 0, 1));
	}
	return scale(colour, 0.985 + 0.03 * noise(x * 24, y * 24, z * 24));
}

function skinSurface(patient: Patient, x: number, y: number, z: number): Surface {
	const ax = Math.abs(x);
	const { lip, halfWidth } = patient.mouth;
	if (y < -0.3 && y > -0.9 && ax < 0.34 && z > 0.1) {
		const hole = mouthOpening(patient, x, y);
		const open = patient.mouth.open > 0.1;
		if (open && hole < -0.002 && z < 0.67 - 0.95 * x * x) {
			return { ...plain(times(lip, [0.5, 0.34, 0.34]), 0.15, 20, 0.5), inner: true };
		}
		const red = vermilion(patient, x, y);
		const paint = smoothstep(0.006, -0.008, red) * smoothstep(0.5, 0.56, z);
		if (paint > 0) {
			const corner = spot(ax, y, halfWidth, lipEdges(patient, halfWidth).upper, 0.022, 0.016);
			const seam = open ? 0 : spot(0, y, 0, lipEdges(patient, x).upper, 1, 0.007);
			const crease = 0.94 + 0.12 * noise(x * 70, y * 9, 2);
			const colour = scale(lip, crease * (1 - 0.55 * corner) * (1 - 0.6 * seam));
			return plain(blend(bareSkin(patient, x, y, z), colour, paint), 0.05 * paint + 0.05, mix(14, 36, paint), 0.8);
		}
	}
	let colour = bareSkin(patient, x, y, z);
	const u = ax - eye.x;
	if (z > 0.4 && Math.abs(u) < eye.halfWidth + 0.02 && Math.abs(y - eye.y) < 0.2) {
		const { upper, lower } = lidEdges(patient, clamp(u, -eye.halfWidth, eye.halfWidth));
		const line = smoothstep(0.014, 0.004, y - eye.y - upper) * smoothstep(0, 0.002, y - eye.y - (upper + lower) / 2);
		const waterline =
			smoothstep(0.012, 0.002, lower - (y - eye.y)) * smoothstep(0, 0.002, (upper + lower) / 2 - (y - eye.y));
		colour = blend(colour, scale(patient.brows.colour, 0.8), line * 0.85);
		colour = blend(colour, times(patient.skin.blush, [0.8, 0.7, 0.7]), waterline * 0.6);
	}
	return plain(colour, 0.05, 13, 1);
}

/** Iris, pupil, white and one hard catch-light, around the direction of the gaze. */
function eyeSurface(scene: Scene, x: number, y: number, z: number): Surface {
	const { patient, pose } = scene;
	const side = x < 0 ? -1 : 1;
	const [nx, ny, nz] = [(x - side * eye.x) / eye.radius, (y - eye.y) / eye.radius, (z - eye.z) / eye.radius];
	const [cx, cy] = pose.turn(0, 0, 1);
	const gx = cx * 0.62 + side * 0.035;
	const gy = cy * 0.62 + 0.03;
	const dx = nx - gx;
	const dy = ny - gy;
	const r = Math.hypot(dx, dy);
	if (nz < 0) return plain([0.3, 0.2, 0.18], 0, 1, 0);
	const turn = Math.atan2(dy, dx);
	const iris = 0.47;
	const { upper } = lidEdges(patient, clamp(Math.abs(x) - eye.x, -eye.halfWidth, eye.halfWidth));
	const shade = mix(0.5, 1, smoothstep(0, 0.075, upper - (y - eye.y)));
	const veins = 1 - 0.4 * smoothstep(0.5, 0.95, Math.abs(nx - gx));
	let colour: Rgb = [0.68 * shade, 0.64 * shade * (0.9 + 0.1 * veins), 0.6 * shade * (0.85 + 0.15 * veins)];
	if (r < iris + 0.03) {
		const rays = 0.78 + 0.44 * noise(turn * 9 + 40, r * 5, patient.seed);
		const lit = 0.75 + 0.75 * smoothstep(0.25, -0.45, dy) - 0.25 * smoothstep(0.1, 0.4, dy);
		const limbal = 1 - 0.72 * smoothstep(iris * 0.74, iris, r);
		const inside = scale(patient.eyes.iris, rays * lit * limbal * mix(0.8, 1, shade));
		colour = blend(inside, colour, smoothstep(iris - 0.02, iris + 0.03, r));
		colour = blend([0.006, 0.005, 0.005], colour, smoothstep(0.215, 0.245, r));
	}
	const catchLight = smoothstep(0.115, 0.085, Math.hypot(dx + 0.17, dy - 0.19));
	const second = 0.25 * smoothstep(0.09, 0.03, Math.hypot(dx - 0.2, dy + 0.2));
	colour = blend(colour, [1.35, 1.35, 1.35], Math.max(catchLight, second));
	return plain(colour, 0.04, 60, 0.1);
}

function toothSurface(scene: Scene, x: number, y: number, z: number): Surface {
	const { patient } = scene;
	const { index, up, side } = scene.teeth.place(x, y, z);
	const neck = smoothstep(0.35, 1, up);
	const tip = smoothstep(0.16, 0.02, up);
	const dark = ([1, 0.98, 0.91, 0.86, 0.76, 0.66][index] ?? 0.66) * (1 - 0.1 * smoothstep(0.7, 1, Math.abs(side)));
	let colour = scale(patient.mouth.tooth, dark * (0.975 + 0.05 * noise(x * 40, y * 18, z * 40)));
	colour = times(colour, [1 - 0.05 * neck, 1 - 0.1 * neck, 1 - 0.22 * neck]);
	colour = times(colour, [1 - 0.06 * tip, 1 - 0.03 * tip, 1 + 0.03 * tip]);
	return { ...plain(colour, 0.13, 42, 0.35), inner: true };
}

function hairSurface(scene: Scene, x: number, y: number, z: number): Surface {
	const { dark, light, gloss, style } = scene.patient.hair;
	const strand = scene.hair.nearest(x, y, z);
	if (!strand) return plain(dark, 0, 8, 0.3);
	const bare = smoothstep(0.012, 0.04, segmentDistance(strand, x, y, z));
	const { part, across, along } = onLock(strand, x, y, z);
	const fine = noise(across * 4.5 + strand.lock * 13, part * 1.6, strand.lock);
	const finer = noise(across * 12, part * 2.5 + 50, strand.lock + 7);
	const own = hash(scene.patient.seed, strand.lock, 77);
	const rooted = style === 'short' ? mix(0.5, 1, smoothstep(0, 0.3, part)) : 1;
	const curly = 0.3 + 0.55 * own;
	const shade =
		style === 'curls' ? curly : clamp(0.02 + 0.4 * fine + 0.26 * finer + 0.3 * (own - 0.5) + 0.3 * part, 0, 1);
	return {
		...plain(scale(blend(dark, light, shade), (1 - 0.5 * bare) * rooted), gloss * (0.4 + 0.8 * fine), 40, 0.25),
		along,
	};
}

/** Colour and gloss of a surface at a place in head space. */
export function surfaceAt(scene: Scene, material: Material, x: number, y: number, z: number): Surface {
	const { patient } = scene;
	switch (material) {
		case 'skin':
			return skinSurface(patient, x, y, z);
		case 'eye':
			return eyeSurface(scene, x, y, z);
		case 'lash':
			return plain(scale(patient.brows.colour, 0.45), 0.02, 10, 0);
		case 'hair':
			return hairSurface(scene, x, y, z);
		case 'brow':
			return plain(patient.brows.colour, 0.03, 12, 0.3);
		case 'tooth':
			return toothSurface(scene, x, y, z);
		case 'gum':
			return { ...plain(times(patient.mouth.lip, [0.95, 0.8, 0.85]), 0.1, 30, 0.7), inner: true };
		case 'braces':
			return { ...plain([0.5, 0.51, 0.54], 0.8, 60, 0), inner: true };
		case 'tongue':
			return { ...plain(times(patient.mouth.lip, [0.85, 0.62, 0.66]), 0.06, 16, 0.7), inner: true };
		case 'clothes':
			return plain(scale(patient.clothes.colour, 0.97 + 0.06 * noise(x * 130, y * 130, 1)), 0.015, 8, 0.15);
		case 'earring':
			return plain(patient.earrings ?? [0.8, 0.8, 0.8], 0.7, 50, 0);
	}
}
