import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { FaceModels } from '../../smile/face-mesh/find-faces';
import { readModel } from '../../smile/face-mesh/read-model';

const require = createRequire(import.meta.url);

/** The face detector and the face mesh, ready to run in WebAssembly. Everything comes out of node_modules. */
export async function loadModels(): Promise<FaceModels> {
	setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
	// One thread: the pictures are tiny, and worker threads would outlive the program's close().
	setThreadsCount(1);
	if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly backend of the face models did not start.');
	const [detector, mesh] = await Promise.all([loadModel('blazeface'), loadModel('facemesh')]);
	return { detector, mesh };
}

async function loadModel(name: 'blazeface' | 'facemesh'): Promise<GraphModel> {
	const folder = join(dirname(require.resolve('@vladmandic/human')), '..', 'models');
	const [text, weights] = await Promise.all([
		readFile(join(folder, `${name}.json`), 'utf8'),
		readFile(join(folder, `${name}.bin`)),
	]);
	return readModel(JSON.parse(text), Uint8Array.from(weights).buffer);
}
