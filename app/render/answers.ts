import type { z } from 'zod';

import type * as contract from '../../workers/api/contract';

/** The api's answers as the pages of a render read them. */
export type RenderAnswer = z.infer<typeof contract.RenderAnswer>;
export type UploadAnswer = z.infer<typeof contract.UploadAnswer>;
export type AssetAnswer = z.infer<typeof contract.AssetAnswer>;

/** A render with its photo, while that exists, and the assets that can still be seen. */
export type RenderView = z.infer<typeof contract.RenderView>;

type RenderState = RenderAnswer['state'];

export function isUnderWay(state: RenderState): boolean {
	return state === 'queued' || state === 'running';
}
