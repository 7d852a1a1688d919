import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import * as z from 'zod/mini';

const ModelFile = z.object({
	modelTopology: z.looseObject({}),
	weightsManifest: z.array(
		z.object({
			weights: z.array(
				z.looseObject({ name: z.string(), shape: z.array(z.number()), dtype: z.enum(['float32', 'int32']) }),
			),
		}),
	),
});

/**
 * A graph model from its two files: `json` says what it computes and `weights` with which numbers.
 * From memory and not by address: the library would choose its own way to fetch, and a device may be offline.
 */
export function readModel(json: unknown, weights: ArrayBuffer): Promise<GraphModel> {
	const { modelTopology, weightsManifest } = ModelFile.parse(json);
	return loadGraphModel(
		tf.io.fromMemory({
			modelTopology,
			weightSpecs: weightsManifest.flatMap((group) => group.weights),
			weightData: weights,
		}),
	);
}
