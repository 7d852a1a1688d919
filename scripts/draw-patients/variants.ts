import type { Patient } from './patient';

const mara: Patient = {
	name: 'mara',
	seed: 11,
	pose: { yaw: -0.13, pitch: 0.03, roll: 0.05 },
	head: { jaw: 0.1, width: 0, nose: 1, age: 0, neck: 0 },
	eyes: { iris: [0.16, 0.075, 0.03], open: 0.95, tilt: 0.1, lash: 1 },
	brows: { colour: [0.03, 0.018, 0.012], thick: 0.034, arch: 0.05 },
	mouth: { open: 1, halfWidth: 0.302, fullness: 1, lip: [0.4, 0.112, 0.108], tooth: [0.7, 0.56, 0.36], gap: 0 },
	skin: { tone: [0.4, 0.215, 0.125], blush: [0.45, 0.15, 0.085], freckles: 0, stubble: 0 },
	hair: { style: 'long', dark: [0.016, 0.009, 0.006], light: [0.11, 0.05, 0.022], gloss: 0.07 },
	clothes: { colour: [0.06, 0.26, 0.26], neckline: 'crew' },
	earrings: null,
	wall: [
		[0.62, 0.68, 0.72],
		[0.5, 0.58, 0.63],
	],
	exposure: 0.86,
	shades: { from: 'A3.5', to: 'A1' },
};

const jonas: Patient = {
	name: 'jonas',
	seed: 23,
	pose: { yaw: 0.14, pitch: 0.02, roll: -0.04 },
	head: { jaw: 0.9, width: 0.015, nose: 1.12, age: 0.15, neck: 0.05 },
	eyes: { iris: [0.1, 0.2, 0.24], open: 0.8, tilt: 0.06, lash: 0.25 },
	brows: { colour: [0.12, 0.062, 0.03], thick: 0.044, arch: 0.03 },
	mouth: { open: 1, halfWidth: 0.288, fullness: 0.82, lip: [0.52, 0.19, 0.17], tooth: [0.74, 0.61, 0.41], gap: 0 },
	skin: { tone: [0.66, 0.42, 0.3], blush: [0.68, 0.29, 0.21], freckles: 0.25, stubble: 0.3 },
	hair: { style: 'short', dark: [0.1, 0.045, 0.018], light: [0.34, 0.165, 0.066], gloss: 0.025 },
	clothes: { colour: [0.05, 0.085, 0.16], neckline: 'crew' },
	earrings: null,
	wall: [
		[0.68, 0.68, 0.64],
		[0.56, 0.57, 0.54],
	],
	exposure: 0.8,
	shades: { from: 'A3', to: 'BL3' },
};

const ines: Patient = {
	name: 'ines',
	seed: 37,
	pose: { yaw: -0.09, pitch: 0.02, roll: -0.05 },
	head: { jaw: 0.25, width: 0.01, nose: 1.16, age: 0.9, neck: 0.01 },
	eyes: { iris: [0.085, 0.042, 0.02], open: 0.84, tilt: 0.05, lash: 0.7 },
	brows: { colour: [0.07, 0.06, 0.055], thick: 0.03, arch: 0.045 },
	mouth: {
		open: 1,
		halfWidth: 0.29,
		fullness: 0.96,
		lip: [0.235, 0.066, 0.066],
		tooth: [0.66, 0.55, 0.39],
		gap: 0.008,
	},
	skin: { tone: [0.19, 0.092, 0.052], blush: [0.22, 0.07, 0.04], freckles: 0, stubble: 0 },
	hair: { style: 'curls', dark: [0.12, 0.12, 0.13], light: [0.5, 0.5, 0.51], gloss: 0.03 },
	clothes: { colour: [0.42, 0.115, 0.05], neckline: 'high' },
	earrings: [0.75, 0.55, 0.2],
	wall: [
		[0.66, 0.64, 0.66],
		[0.53, 0.53, 0.57],
	],
	exposure: 0.95,
	shades: { from: 'C2', to: 'B1' },
};

const closed: Patient = {
	name: 'closed',
	seed: 53,
	pose: { yaw: 0.1, pitch: 0.02, roll: 0.04 },
	head: { jaw: 0.2, width: 0.015, nose: 0.95, age: 0, neck: 0 },
	eyes: { iris: [0.07, 0.035, 0.02], open: 0.78, tilt: 0.14, lash: 0.8 },
	brows: { colour: [0.02, 0.015, 0.014], thick: 0.032, arch: 0.035 },
	mouth: { open: 0, halfWidth: 0.22, fullness: 1, lip: [0.5, 0.16, 0.15], tooth: [0.74, 0.61, 0.41], gap: 0 },
	skin: { tone: [0.58, 0.37, 0.235], blush: [0.6, 0.26, 0.17], freckles: 0, stubble: 0 },
	hair: { style: 'bun', dark: [0.01, 0.008, 0.009], light: [0.06, 0.045, 0.04], gloss: 0.08 },
	clothes: { colour: [0.55, 0.35, 0.07], neckline: 'collar' },
	earrings: [0.8, 0.8, 0.82],
	wall: [
		[0.64, 0.69, 0.66],
		[0.51, 0.58, 0.56],
	],
	exposure: 0.82,
	shades: { from: 'A3', to: 'A1' },
};

/** The drawn patients. `closed` has no teeth to find and must be refused by the product. */
export const patients: readonly Patient[] = [mara, jonas, ines, closed];
