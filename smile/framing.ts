import { FACE_OVAL, type Face, mouthOf, ringOf } from './landmarks';
import type { Picture } from './picture';

/** How the face lies in the picture. */
export interface Framing {
	/** The face's height over the picture's, or its width over the picture's, whichever is more; from 0, over 1 when cut. */
	readonly faceShare: number;
	/** Share, 0 to 1, of the points around the face that lie out of the picture: the mesh goes on where a face is cut. */
	readonly cutShare: number;
	/** Between the mouth's inner corners, in pixels of the picture. */
	readonly mouthPx: number;
	/** Whether both lips lie within the picture as a whole. */
	readonly isMouthWhole: boolean;
}

export function faceFraming(picture: Pick<Picture, 'width' | 'height'>, face: Face): Framing {
	const { width, height } = picture;
	const oval = ringOf(face, FACE_OVAL);
	const xs = oval.map(({ x }) => x);
	const ys = oval.map(({ y }) => y);
	const outside = oval.filter(({ x, y }) => x < 0 || y < 0 || x > width || y > height).length;
	const { widthPx, box } = mouthOf(face);
	return {
		faceShare: Math.max((Math.max(...xs) - Math.min(...xs)) / width, (Math.max(...ys) - Math.min(...ys)) / height),
		cutShare: outside / oval.length,
		mouthPx: widthPx,
		isMouthWhole: box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height,
	};
}
