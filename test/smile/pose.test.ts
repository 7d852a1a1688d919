import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Face, MeshPoint } from '../../smile/landmarks';
import { headPose, LEVEL_HEAD } from '../../smile/pose';
import { patients } from '../../scripts/draw-patients/variants';
import { readLandmarks } from './sample-faces';

const PATIENTS = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));
const FACES = fileURLToPath(new URL('../../../shared/faces/landmarks/', import.meta.url));
const RADIANS = Math.PI / 180;

interface Held {
	yaw: number;
	pitch: number;
	roll: number;
}

/** The level head, leaned, raised, turned, then scaled and moved into a picture. */
function faceHeld({ yaw, pitch, roll }: Held, scale = 200, shift = 500): Face {
	const [sy, cy] = [Math.sin(yaw * RADIANS), Math.cos(yaw * RADIANS)];
	const [sp, cp] = [Math.sin(pitch * RADIANS), Math.cos(pitch * RADIANS)];
	const [sr, cr] = [Math.sin(roll * RADIANS), Math.cos(roll * RADIANS)];
	const face: MeshPoint[] = Array.from({ length: 468 }, () => ({ x: 0, y: 0, z: 0 }));
	for (const [index, [x, y, z]] of LEVEL_HEAD) {
		const [leanX, leanY] = [x * cr - y * sr, x * sr + y * cr];
		const [raisedY, raisedZ] = [leanY * cp + z * sp, z * cp - leanY * sp];
		const [turnedX, turnedZ] = [leanX * cy - raisedZ * sy, raisedZ * cy + leanX * sy];
		face[index] = { x: turnedX * scale + shift, y: raisedY * scale + shift, z: turnedZ * scale };
	}
	return face;
}

const ANGLES = [-40, -12, 0, 7, 33];

test('any pose is told to a thousandth of a degree, whatever the size and place of the face', () => {
	for (const yaw of ANGLES) {
		for (const pitch of ANGLES) {
			for (const roll of ANGLES) {
				for (const face of [faceHeld({ yaw, pitch, roll }), faceHeld({ yaw, pitch, roll }, 31, -90)]) {
					const pose = headPose(face)!;
					expect(pose.yaw).toBeCloseTo(yaw, 3);
					expect(pose.pitch).toBeCloseTo(pitch, 3);
					expect(pose.roll).toBeCloseTo(roll, 3);
				}
			}
		}
	}
});

test('the nose goes right with yaw and up with pitch, and the right eye down with roll', () => {
	const [noseTip, rightEye] = [4, 263];
	const level = faceHeld({ yaw: 0, pitch: 0, roll: 0 });
	expect(faceHeld({ yaw: 20, pitch: 0, roll: 0 })[noseTip]!.x).toBeGreaterThan(level[noseTip]!.x + 10);
	expect(faceHeld({ yaw: 0, pitch: 20, roll: 0 })[noseTip]!.y).toBeLessThan(level[noseTip]!.y - 10);
	expect(faceHeld({ yaw: 0, pitch: 0, roll: 20 })[rightEye]!.y).toBeGreaterThan(level[rightEye]!.y + 10);
});

test('points without depth tell no pose', () => {
	const flat = faceHeld({ yaw: 20, pitch: 0, roll: 0 });
	expect(headPose(flat.map(({ x, y }) => ({ x, y })))).toBeUndefined();
	expect(headPose(flat.map(({ x, y }) => ({ x, y, z: 0 })))).toBeUndefined();
});

describe.each(patients)('drawn patient $name', ({ name, pose }) => {
	test('is held as drawn, to 3 degrees of yaw and roll and 5 of pitch', () => {
		const [face] = readLandmarks(`${PATIENTS}${name}.json`).faces;
		const told = headPose(face!)!;
		// The renderer pitches downward and rolls counterclockwise.
		const [yaw, pitch, roll] = [pose.yaw / RADIANS, -pose.pitch / RADIANS, -pose.roll / RADIANS];
		console.info(
			`${name}: yaw ${told.yaw.toFixed(1)} for ${yaw.toFixed(1)}, pitch ${told.pitch.toFixed(1)} for ${pitch.toFixed(1)}, roll ${told.roll.toFixed(1)} for ${roll.toFixed(1)}`,
		);
		expect(Math.abs(told.yaw - yaw)).toBeLessThan(3);
		expect(Math.abs(told.roll - roll)).toBeLessThan(3);
		expect(Math.abs(told.pitch - pitch)).toBeLessThan(5);
	});
});

for (const name of ['astronaut.png', 'nasa_alan_shepard.jpg', 'codait_Luciano.png']) {
	const path = `${FACES}${name}.json`;
	test.skipIf(!existsSync(path))(`${name} looks into the camera`, () => {
		const pose = headPose(readLandmarks(path).faces[0]!)!;
		expect(Math.abs(pose.yaw)).toBeLessThan(6);
		expect(Math.abs(pose.roll)).toBeLessThan(6);
		expect(Math.abs(pose.pitch)).toBeLessThan(20);
	});
}
