/**
 * The face models in the browser. All files come from our own origin under hashed names and are kept by the browser for a
 * year: the build copies them out of the packages.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
// By path: the package names its scripts alone as what may be imported.
import detectorWeights from '../../node_modules/@vladmandic/human/models/blazeface.bin?url';
import detectorGraph from '../../node_modules/@vladmandic/human/models/blazeface.json?url';
import meshWeights from '../../node_modules/@vladmandic/human/models/facemesh.bin?url';
import meshGraph from '../../node_modules/@vladmandic/human/models/facemesh.json?url';
import type { FaceModels } from '../../smile/face-mesh/find-faces';
import { readModel } from '../../smile/face-mesh/read-model';

/** Rejects where a file does not come or nothing here can compute it. */
export async function loadModels(): Promise<FaceModels> {
	const [detector, mesh] = await Promise.all([
		fetchModel(detectorGraph, detectorWeights),
		fetchModel(meshGraph, meshWeights),
		startBackend(),
	]);
	return { detector: await detector(), mesh: await mesh() };
}

/** The files at once, the model later: it is made for the backend that has started by then. */
async function fetchModel(graphUrl: string, weightsUrl: string): Promise<() => Promise<GraphModel>> {
	const [graph, weights] = await Promise.all([fetchWhole(graphUrl), fetchWhole(weightsUrl)]);
	const [json, bytes] = await Promise.all([graph.json(), weights.arrayBuffer()]);
	return () => readModel(json, bytes);
}

/** WebAssembly, or plain script, thirty times slower, where the browser has none or its policy forbids it. */
async function startBackend(): Promise<void> {
	// Threads would need a page that is isolated from all others, and scripts made from text.
	tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
	const hasSimd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
	if (await canCompile(hasSimd ? simdWasm : plainWasm)) {
		setWasmPaths({
			'tfjs-backend-wasm.wasm': plainWasm,
			'tfjs-backend-wasm-simd.wasm': simdWasm,
			// Asked for by name and never loaded, for there are no threads.
			'tfjs-backend-wasm-threaded-simd.wasm': simdWasm,
		});
		if (await tf.setBackend('wasm')) return;
	}
	await import('@tensorflow/tfjs-backend-cpu');
	if (!(await tf.setBackend('cpu'))) throw new Error('No backend of the face models started.');
}

/** Tried first: the library waits for ever where compiling is refused. It then takes the file from the browser's cache. */
async function canCompile(url: string): Promise<boolean> {
	const bytes = await (await fetchWhole(url)).arrayBuffer();
	try {
		await WebAssembly.compile(bytes);
		return true;
	} catch {
		return false;
	}
}

async function fetchWhole(url: string): Promise<Response> {
	const answer = await fetch(url);
	if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
	return answer;
}
