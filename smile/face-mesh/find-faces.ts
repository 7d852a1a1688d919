import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { Face } from '../landmarks';
import type { Picture } from '../picture';
import { decodeFaces, type DetectedFace, DETECTOR_SIZE } from './decode-faces';
import { fromSquare, sampleSquare, type Square } from './sample-square';

/** BlazeFace and the MediaPipe face mesh, on a backend that answers at once (WebAssembly or plain script). */
export interface FaceModels {
	readonly detector: GraphModel;
	readonly mesh: GraphModel;
}

const MESH_SIZE = 192;
const MESH_POINTS = 468;

/** How far the mesh looks around the detected box and around its own points: what MediaPipe's pipeline uses. */
const MARGIN = 1.5;

/** The mesh says how likely it looks at a face: 1 on faces, below 0.002 where a cat or a cup fooled the detector. */
const PRESENCE_MIN = 0.5;

const NOSE_TIP = 1;
const RIGHT_EYE_OUTER = 33;
const LEFT_EYE_OUTER = 263;

/**
 * Every face of an upright picture as 468 points in pixels, the surest face first; empty when there is none.
 * The picture must already be turned as its EXIF orientation says: faces that lie on their side are missed.
 */
export function findFaces({ detector, mesh }: FaceModels, picture: Picture): Face[] {
	const side = Math.max(picture.width, picture.height);
	const whole = { centreX: picture.width / 2, centreY: picture.height / 2, side, angle: 0 };
	const faces: Face[] = [];
	for (const detected of detect(detector, picture, whole)) {
		// The detector's box is coarse; a second look, cut out by the points of the first, sits on the face.
		const rough = place(mesh, picture, squareOfDetection(whole, detected));
		const face = rough && place(mesh, picture, squareOfFace(rough));
		if (face && !faces.some((known) => isSame(known, face))) faces.push(face);
	}
	return faces;
}

function detect(detector: GraphModel, picture: Picture, whole: Square): DetectedFace[] {
	const pixels = sampleSquare(picture, whole, DETECTOR_SIZE, -1);
	const outputs = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'];
	const [fineScores, coarseScores, fineBoxes, coarseBoxes] = run(detector, pixels, DETECTOR_SIZE, outputs);
	if (!fineScores || !coarseScores || !fineBoxes || !coarseBoxes) throw new Error('The face detector answered short.');
	return decodeFaces({ scores: [fineScores, coarseScores], boxes: [fineBoxes, coarseBoxes] });
}

/** The mesh of the one face in `square`, or nothing when the model sees no face there. */
function place(mesh: GraphModel, picture: Picture, square: Square): Face | undefined {
	const pixels = sampleSquare(picture, square, MESH_SIZE, 0);
	const [points, presence] = run(mesh, pixels, MESH_SIZE, ['Identity_2', 'Identity_1']);
	if (!points || (presence?.[0] ?? 0) < PRESENCE_MIN) return undefined;
	return Array.from({ length: MESH_POINTS }, (_, index) => ({
		...fromSquare(square, (points[index * 3] ?? 0) / MESH_SIZE, (points[index * 3 + 1] ?? 0) / MESH_SIZE),
		z: ((points[index * 3 + 2] ?? 0) / MESH_SIZE) * square.side,
	}));
}

function run(model: GraphModel, pixels: Float32Array, size: number, outputs: string[]): Float32Array[] {
	const input = tf.tensor4d(pixels, [1, size, size, 3]);
	const answers = [model.execute(input, outputs)].flat();
	const floats = answers.map((answer) => Float32Array.from(answer.dataSync()));
	tf.dispose([input, ...answers]);
	return floats;
}

/** Two boxes on one face lead to the same mesh: the noses lie closer than the corner of an eye. */
function isSame(one: Face, other: Face): boolean {
	const [tip, otherTip, eye] = [one[NOSE_TIP], other[NOSE_TIP], one[RIGHT_EYE_OUTER]];
	if (!tip || !otherTip || !eye) return false;
	return Math.hypot(tip.x - otherTip.x, tip.y - otherTip.y) < Math.hypot(tip.x - eye.x, tip.y - eye.y) / 2;
}

function squareOfDetection(whole: Square, detected: DetectedFace): Square {
	const centre = fromSquare(whole, detected.x + detected.width / 2, detected.y + detected.height / 2);
	const [one, other] = detected.eyes;
	return {
		centreX: centre.x,
		centreY: centre.y,
		side: Math.max(detected.width, detected.height) * whole.side * MARGIN,
		angle: Math.atan2(other.y - one.y, other.x - one.x),
	};
}

function squareOfFace(face: Face): Square {
	const [one, other] = [face[RIGHT_EYE_OUTER], face[LEFT_EYE_OUTER]];
	const angle = one && other ? Math.atan2(other.y - one.y, other.x - one.x) : 0;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	// Measured along the turned axes: an upright box around a tilted face is too large and off its centre.
	const across = face.map(({ x, y }) => x * cos + y * sin);
	const down = face.map(({ x, y }) => y * cos - x * sin);
	const [left, right, top, bottom] = [Math.min(...across), Math.max(...across), Math.min(...down), Math.max(...down)];
	const [u, v] = [(left + right) / 2, (top + bottom) / 2];
	return {
		centreX: u * cos - v * sin,
		centreY: u * sin + v * cos,
		side: Math.max(right - left, bottom - top) * MARGIN,
		angle,
	};
}
