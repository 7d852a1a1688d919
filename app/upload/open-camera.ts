import type { Box } from '../../smile/picture';

/** Which way a camera looks: at whoever holds the device, or away. */
export type Facing = 'user' | 'environment';

/** `denied`: the person or the browser said no. `none`: there is none. `busy`: another program has it. */
export type NoCamera = 'denied' | 'none' | 'busy' | 'failed';

export type OpenedCamera =
	| {
			readonly ok: true;
			readonly stream: MediaStream;
			/** Which way it really looks: a laptop has one camera, whatever was asked for. */
			readonly facing: Facing;
			readonly canTurn: boolean;
	  }
	| { readonly ok: false; readonly why: NoCamera };

type Media = Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices'>;

/** More than any mouth needs at arm's length, and what phones give without changing to a slow mode. */
const IDEAL = { width: { ideal: 1920 }, height: { ideal: 1440 } } as const;

const REASONS: Readonly<Record<string, NoCamera>> = {
	NotAllowedError: 'denied',
	SecurityError: 'denied',
	NotFoundError: 'none',
	OverconstrainedError: 'none',
	NotReadableError: 'busy',
	AbortError: 'busy',
};

/** Opens a camera without sound. `media` is absent where the page is not secure or the browser is old. */
export async function openCamera(media: Media | undefined, facing: Facing): Promise<OpenedCamera> {
	if (media === undefined) return { ok: false, why: 'none' };
	try {
		const stream = await media.getUserMedia({ audio: false, video: { facingMode: { ideal: facing }, ...IDEAL } });
		const [track] = stream.getVideoTracks();
		const devices = await media.enumerateDevices();
		return {
			ok: true,
			stream,
			facing: track?.getSettings().facingMode === 'environment' ? 'environment' : 'user',
			canTurn: devices.filter(({ kind }) => kind === 'videoinput').length > 1,
		};
	} catch (error) {
		return { ok: false, why: (error instanceof Error && REASONS[error.name]) || 'failed' };
	}
}

/** Lets the camera go; its light goes out. */
export function releaseCamera(stream: MediaStream): void {
	for (const track of stream.getTracks()) track.stop();
}

/** Width over height of the finder. */
const PORTRAIT = 3 / 4;

/** The middle of a camera's picture that the finder shows, in whole pixels of it. */
export function portraitWithin(whole: { readonly width: number; readonly height: number }): Box {
	const width = Math.floor(Math.min(whole.width, whole.height * PORTRAIT));
	const height = Math.floor(Math.min(whole.height, whole.width / PORTRAIT));
	return { x: Math.floor((whole.width - width) / 2), y: Math.floor((whole.height - height) / 2), width, height };
}
