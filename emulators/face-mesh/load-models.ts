import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';

const require = createRequire(import.meta.url);

const ModelFile = z.looseObject({
	format: z.string().optional(),
	modelTopology: z.looseObject({}),
	weightsManifest: z.array(
		z.object({
			paths: z.array(z.string()),
			weights: z.array(
				z.looseObject({ name: z.string(), shape: z.array(z.number()), dtype: z.enum(['float32', 'int32']) }),
			),
		}),
	),
});

/** The face detector and the face mesh, ready to run in WebAssembly. Everything comes out of node_modules. */
export async function loadModels(): Promise<{ detector: GraphModel; mesh: GraphModel }> {
	setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
	// One thread: the pictures are tiny, and worker threads would outlive the program's close().
	setThreadsCount(1);
	if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly backend of the face models did not start.');
	const [detector, mesh] = await Promise.all([loadModel('blazeface'), loadModel('facemesh')]);
	return { detector, mesh };
}

/** From memory and not by address: the library would fetch an address, and `fetch` refuses files. */
async function loadModel(name: 'blazeface' | 'facemesh'): Promise<GraphModel> {
	const folder = join(dirname(require.resolve('@vladmandic/human')), '..', 'models');
	const [text, weights] = await Promise.all([
		readFile(join(folder, `${name}.json`), 'utf8'),
		readFile(join(folder, `${name}.bin`)),
	]);
	const file = ModelFile.parse(JSON.parse(text));
	return loadGraphModel(
		tf.io.fromMemory({
			modelTopology: file.modelTopology,
			weightSpecs: file.weightsManifest.flatMap((group) => group.weights),
			weightData: Uint8Array.from(weights).buffer,
		}),
	);
}
