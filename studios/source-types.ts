import { judgedClass } from './publish-rules';
import type { AssetClass, AssetKind } from './studio';

/** How a file came to be, in the words of the IPTC (NewsCodes, digital source type), as C2PA and sidecars carry them. */
export const SOURCE_TYPES = {
	trainedAlgorithmicMedia: 'Made by AI',
	compositeWithTrainedAlgorithmicMedia: 'A photo in which AI changed a part',
	compositeCapture: 'Photos put together, without AI',
	digitalCapture: 'A photo',
} as const;
export type SourceType = keyof typeof SOURCE_TYPES;

const NEWSCODES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** The address by which the world names it. */
export function sourceTypeUri(type: SourceType): string {
	return NEWSCODES + type;
}

/** What the address says, in a few words; null: it is none of those that we write. */
export function sourceTypeWords(uri: string): string | null {
	const name = uri.startsWith(NEWSCODES) ? uri.slice(NEWSCODES.length) : '';
	return isSourceType(name) ? SOURCE_TYPES[name] : null;
}

function isSourceType(name: string): name is SourceType {
	return Object.hasOwn(SOURCE_TYPES, name);
}

/** Kinds in which two photos stand together. */
const PUT_TOGETHER: ReadonlySet<AssetKind> = new Set(['pair', 'reel', 'video']);

/**
 * What a file of this kind and class is. A film by AI is new in each of its frames; a picture in which AI drew teeth is a photo
 * otherwise. What the class leaves open counts as the stricter one.
 */
export function sourceTypeOf(
	kind: AssetKind,
	assetClass: AssetClass,
	madeOf: readonly AssetClass[] | null = null,
): SourceType {
	switch (judgedClass(assetClass, madeOf)) {
		case 'generated':
			return 'trainedAlgorithmicMedia';
		case 'simulation':
			return kind === 'video' ? 'trainedAlgorithmicMedia' : 'compositeWithTrainedAlgorithmicMedia';
		case 'genuine_pair':
			return 'compositeCapture';
		case 'source':
			return PUT_TOGETHER.has(kind) ? 'compositeCapture' : 'digitalCapture';
	}
}
