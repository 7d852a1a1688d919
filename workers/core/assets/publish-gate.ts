import type { AssetClass } from '../../../studios/studio';

export type Place = 'show_in_room' | 'patient_copy' | 'website' | 'social_media';

export interface Verdict {
	place: Place;
	isAllowed: boolean;
	/** The rule in one line. */
	rule: string;
}

const PLACES: readonly Place[] = ['show_in_room', 'patient_copy', 'website', 'social_media'];

/**
 * Where an asset may be shown, by its class and by what the consent covers (N3, requirements §5.5). `purposes` is null
 * for what shows no patient. AI-changed teeth are a plan, not a result: in the room and for the patient only.
 */
export function judgePublishing(assetClass: AssetClass, purposes: readonly string[] | null): Verdict[] {
	return PLACES.map((place) => judge(place, assetClass, purposes));
}

function judge(place: Place, assetClass: AssetClass, purposes: readonly string[] | null): Verdict {
	if (assetClass === 'generated') return { place, isAllowed: true, rule: 'It shows no real person.' };
	const isConsented = purposes === null || purposes.includes(place);
	const isPublic = place === 'website' || place === 'social_media';
	if (isPublic && assetClass !== 'genuine_pair') {
		return { place, isAllowed: false, rule: 'AI changed the teeth, and advertising rules ask for real results.' };
	}
	if (!isConsented) return { place, isAllowed: false, rule: 'The consent does not cover this.' };
	return {
		place,
		isAllowed: true,
		rule: place === 'show_in_room' ? 'Now, on your screen.' : 'Covered by the consent.',
	};
}
