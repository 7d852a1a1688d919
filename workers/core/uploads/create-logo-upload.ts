import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { announceUpload, type UploadTicket } from './announce-upload';
import { requireLength, requireUploadType } from './upload-types';

/** A logo is shown a few centimetres wide: this is more than any screen needs of it. */
export const LOGO_BYTES_MAX = 2 * 1024 * 1024;
export const LOGO_SIDE_MAX = 2000;

/**
 * A signed PUT for an account's logo, as for a photo but smaller and without a consent, since it shows no patient. Until
 * `setLogo` makes it the logo it is deleted like an unused photo.
 */
export async function createLogoUpload(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'lookupKey'>,
	input: { actor: Actor; network: string | null; contentType: string; byteLength: number },
): Promise<UploadTicket> {
	const { actor, network, byteLength } = input;
	const contentType = requireUploadType(input.contentType);
	requireLength(byteLength, LOGO_BYTES_MAX, 'logo');
	return announceUpload(deps, {
		actor,
		network,
		kind: 'logo',
		contentType,
		byteLength,
		sideMax: LOGO_SIDE_MAX,
		basis: null,
	});
}
