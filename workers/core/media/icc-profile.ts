import { ICC_BYTES_MAX } from './image-types';
import { hasText, u32 } from './read-bytes';

const HEADER_BYTES = 128;
const TAG_BYTES = 12;
const TAGS_MAX = 128;

/**
 * Whether these bytes are one whole colour profile of at most 64 kB (ICC.1:2022 §7): its own size, the `acsp` mark and
 * every tag inside. A profile that is not is dropped, and the photo then reads as sRGB.
 */
export function isColourProfile(profile: Uint8Array): boolean {
	if (profile.length < HEADER_BYTES + 4 || profile.length > ICC_BYTES_MAX) return false;
	if (u32(profile, 0) !== profile.length || !hasText(profile, 36, 'acsp')) return false;
	const tags = u32(profile, HEADER_BYTES);
	if (tags > TAGS_MAX || HEADER_BYTES + 4 + tags * TAG_BYTES > profile.length) return false;
	for (let index = 0; index < tags; index++) {
		const tag = HEADER_BYTES + 4 + index * TAG_BYTES;
		if (u32(profile, tag + 4) + u32(profile, tag + 8) > profile.length) return false;
	}
	return true;
}
