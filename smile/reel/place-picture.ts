import type { Area, Size } from './pen';
import type { Point } from './reel';

/**
 * The share of a picture's width or height that a crop leaves at least. A portrait in a wide frame would lose its
 * forehead and chin: from here on it stands on the practice's colour instead.
 */
const SHOWN_MIN = 0.55;

export interface Placed {
	/** The part of the picture that is seen, in its own pixels. */
	readonly from: Area;
	/** Where it stands; less than the room where the picture does not fill it. */
	readonly to: Area;
}

/**
 * A picture in a room: filling it where `SHOWN_MIN` of it stays, with `focus` in view, and enlarged `nearness` times (1 or
 * more) toward the focus. Continuous in the room's size, so that a room that grows shows no jump.
 */
export function placePicture(picture: Size, room: Area, focus: Point, nearness = 1): Placed {
	const whole = Math.min(room.width / picture.width, room.height / picture.height);
	const filling = Math.max(room.width / picture.width, room.height / picture.height);
	const scale = Math.min(filling, whole / SHOWN_MIN) * nearness;
	const across = placeAlong(picture.width, room.x, room.width, focus.x, scale);
	const down = placeAlong(picture.height, room.y, room.height, focus.y, scale);
	return {
		from: { x: across.from, y: down.from, width: across.length, height: down.length },
		to: { x: across.to, y: down.to, width: across.length * scale, height: down.length * scale },
	};
}

function placeAlong(length: number, start: number, room: number, focus: number, scale: number) {
	if (length * scale <= room) return { from: 0, length, to: start + (room - length * scale) / 2 };
	const seen = room / scale;
	// The focus in the middle, unless the picture ends before.
	return { from: Math.min(Math.max(0, focus * length - seen / 2), length - seen), length: seen, to: start };
}
