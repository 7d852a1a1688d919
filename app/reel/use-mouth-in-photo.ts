import { useEffect, useMemo } from 'react';

import type { Box, Picture } from '../../smile/picture';
import { isShade } from '../../smile/shades';
import { isTreatmentId, treatmentOf } from '../../studios/treatments';
import { usePutBack } from '../smile/use-put-back';

export type AfterPicture =
	| { readonly at: 'working' }
	| { readonly at: 'ready'; readonly picture: ImageBitmap; readonly sentence: string };

interface Made {
	readonly urls: { readonly before: string; readonly after: string };
	/** The order's, as it is kept. */
	readonly input: Readonly<Record<string, unknown>>;
	readonly before: ImageBitmap;
	/** The whole picture that AI made. */
	readonly generated: ImageBitmap;
}

/**
 * The picture after as the smile's own page shows it: the patient's photo with nothing but the generated mouth in it (N7),
 * or, where the device cannot put it there, the whole generated picture and why.
 */
export function useMouthInPhoto({ urls, input, before, generated }: Made): AfterPicture {
	const { region, mayChange } = treatmentOf(isTreatmentId(input['treatment']) ? input['treatment'] : 'whitening');
	const stage = usePutBack(
		{ photo: urls.before, generated: urls.after },
		{ region, mayChange, from: tabOf(input['fromShade']), to: tabOf(input['toShade']) },
	);
	const picture = useMemo(() => (stage.at === 'ready' ? withPart(before, stage.put) : null), [before, stage]);
	useEffect(() => () => picture?.close(), [picture]);
	if (stage.at === 'none') return { at: 'ready', picture: generated, sentence: `${stage.sentence} ${WHOLE}` };
	if (stage.at === 'working' || picture === null) return { at: 'working' };
	return { at: 'ready', picture, sentence: 'The picture after is the photo itself with the drawn mouth in it.' };
}

const WHOLE = 'The reel shows the whole picture that AI made, the face included.';

/** `part` lies at `box` of a picture of `width` × `height`, of which `photo` may be a smaller copy. */
function withPart(
	photo: ImageBitmap,
	{ part, box, width, height }: { part: Picture; box: Box; width: number; height: number },
): ImageBitmap {
	const canvas = new OffscreenCanvas(photo.width, photo.height);
	const context = canvas.getContext('2d');
	const small = new OffscreenCanvas(Math.max(1, part.width), Math.max(1, part.height));
	const pixels = small.getContext('2d');
	if (context === null || pixels === null) throw new Error('This browser gives no canvas.');
	context.imageSmoothingQuality = 'high';
	context.drawImage(photo, 0, 0);
	if (part.width > 0 && part.height > 0) {
		const data = pixels.createImageData(part.width, part.height);
		data.data.set(part.data);
		pixels.putImageData(data, 0, 0);
		const [across, down] = [photo.width / width, photo.height / height];
		context.drawImage(small, box.x * across, box.y * down, box.width * across, box.height * down);
	}
	return canvas.transferToImageBitmap();
}

function tabOf(value: unknown) {
	return typeof value === 'string' && isShade(value) ? value : undefined;
}
