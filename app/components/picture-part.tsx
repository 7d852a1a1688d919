import { useEffect, useRef, type CSSProperties } from 'react';

import type { Box, Picture } from '../../smile/picture';

interface PicturePartProps {
	readonly part: Picture;
	/** Where it lies in the picture below, and how large that is, in its pixels. */
	readonly box: Box;
	readonly width: number;
	readonly height: number;
}

/**
 * Pixels laid over a picture at its own resolution, whatever size that is shown at. Said by the picture below, so that it
 * is nothing to those who do not see.
 */
export function PicturePart({ part, box, width, height }: PicturePartProps) {
	const canvas = useRef<HTMLCanvasElement>(null);
	useEffect(() => {
		// Pixels are put into it and never drawn: it is better kept where they come from.
		const pen = canvas.current?.getContext('2d', { willReadFrequently: true });
		if (!pen || part.width === 0 || part.height === 0) return;
		const pixels = pen.createImageData(part.width, part.height);
		pixels.data.set(part.data);
		pen.putImageData(pixels, 0, 0);
	}, [part]);
	const place: CSSProperties = {
		left: `${(100 * box.x) / width}%`,
		top: `${(100 * box.y) / height}%`,
		width: `${(100 * box.width) / width}%`,
		height: `${(100 * box.height) / height}%`,
	};
	return (
		<canvas
			ref={canvas}
			className="picture-part"
			style={place}
			width={Math.max(1, part.width)}
			height={Math.max(1, part.height)}
			aria-hidden="true"
		/>
	);
}
