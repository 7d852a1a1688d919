import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { findFaces } from '../../smile/face-mesh/find-faces';
import { loadModels } from './load-models';

export interface FaceMesh {
	/** Every face of an upright picture as 468 points in pixels, the surest face first; empty when there is none. */
	find(picture: Picture): Promise<Face[]>;
}

/** Loads the face models once; each `find` then takes some tens of milliseconds. */
export async function createFaceMesh(): Promise<FaceMesh> {
	const models = await loadModels();
	return { find: async (picture) => findFaces(models, picture) };
}
