import { expect, test } from 'vitest';
import { createFaceMesh } from '../../emulators/face-mesh/face-mesh';
import { drawHere } from '../../scripts/draw-patients/render';
import { patients } from '../../scripts/draw-patients/variants';
import type { Picture } from '../../smile/picture';
import { headPose } from '../../smile/pose';

const RADIANS = Math.PI / 180;
const mesh = await createFaceMesh();
const ines = patients.find(({ name }) => name === 'ines')!;

/** Small: the mesh looks at 192 pixels of a face in any case. */
function drawHeld(yaw: number, roll: number): Picture {
	const pose = { yaw: yaw * RADIANS, pitch: 0, roll: roll * RADIANS };
	const { width, height, rgb } = drawHere({ ...ines, pose }, 192, 240, 1);
	const data = new Uint8ClampedArray(width * height * 4).fill(255);
	for (let at = 0; at < width * height; at++) data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
	return { width, height, data };
}

test.each([
	[25, 0],
	[-15, 12],
])('a head drawn with %d degrees of yaw and %d of roll is told within 4', async (yaw, roll) => {
	const [face] = await mesh.find(drawHeld(yaw, roll));
	const pose = headPose(face!)!;
	console.info(`yaw ${pose.yaw.toFixed(1)}, pitch ${pose.pitch.toFixed(1)}, roll ${pose.roll.toFixed(1)}`);
	expect(Math.abs(pose.yaw - yaw)).toBeLessThan(4);
	// The renderer rolls counterclockwise.
	expect(Math.abs(pose.roll + roll)).toBeLessThan(4);
});
