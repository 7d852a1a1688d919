import type { StudioSlug } from '../../studio';
import type { Claim } from '../policy';
import { dentalClaims } from './dental';
import { imageClaims } from './image';
import { mediaClaims } from './media';

/**
 * Each studio's promises with what keeps and shows them. They stand beside the policy and not in it, so that a page which only
 * needs a number of the policy does not carry them to the browser.
 */
export const CLAIMS: Readonly<Record<StudioSlug, readonly Claim[]>> = {
	dental: dentalClaims,
	media: mediaClaims,
	image: imageClaims,
};
