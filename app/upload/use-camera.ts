import { useCallback, useEffect, useRef, useState } from 'react';

import { openCamera, portraitWithin, releaseCamera, type Facing, type NoCamera } from './open-camera';

export type CameraState =
	| { readonly at: 'starting' }
	| { readonly at: 'live'; readonly facing: Facing; readonly canTurn: boolean }
	| { readonly at: 'shut'; readonly why: NoCamera };

/** As `preparePhoto` draws it anew, this need not lose anything. */
const TAKEN_QUALITY = 0.97;

/** A camera that is open as long as the view with `video` stands, and released with it. */
export function useCamera() {
	const video = useRef<HTMLVideoElement>(null);
	const [wanted, setWanted] = useState<{ facing: Facing }>({ facing: 'environment' });
	const [state, setState] = useState<CameraState>({ at: 'starting' });

	useEffect(() => {
		let isLeft = false;
		let stream: MediaStream | null = null;
		const start = async () => {
			const opened = await openCamera(navigator.mediaDevices, wanted.facing);
			if (!opened.ok) {
				if (!isLeft) setState({ at: 'shut', why: opened.why });
				return;
			}
			// The question may be answered long after the view is gone.
			if (isLeft || video.current === null) {
				releaseCamera(opened.stream);
				return;
			}
			stream = opened.stream;
			stream.getVideoTracks()[0]?.addEventListener('ended', () => {
				if (!isLeft) setState({ at: 'shut', why: 'failed' });
			});
			video.current.srcObject = stream;
			await firstFrame(video.current);
			if (!isLeft && stream.active) setState({ at: 'live', facing: opened.facing, canTurn: opened.canTurn });
		};
		void start();
		return () => {
			isLeft = true;
			if (stream !== null) releaseCamera(stream);
		};
	}, [wanted]);

	const open = useCallback((facing: Facing) => {
		setState({ at: 'starting' });
		setWanted({ facing });
	}, []);

	const take = useCallback(() => (video.current === null ? Promise.resolve(null) : grab(video.current)), []);

	return { video, state, open, take };
}

/** A camera is open before it shows anything, and what is taken then would be black. */
function firstFrame(video: HTMLVideoElement): Promise<void> {
	if (hasFrame(video)) return Promise.resolve();
	return new Promise((resolve) => {
		video.addEventListener('loadeddata', () => resolve(), { once: true });
	});
}

function hasFrame(video: HTMLVideoElement): boolean {
	return video.readyState >= video.HAVE_CURRENT_DATA;
}

/** The frame that is shown, at the camera's size and never mirrored; `null` before there is one. */
async function grab(video: HTMLVideoElement): Promise<Blob | null> {
	const cut = portraitWithin({ width: video.videoWidth, height: video.videoHeight });
	const canvas = document.createElement('canvas');
	canvas.width = cut.width;
	canvas.height = cut.height;
	const pen = canvas.getContext('2d');
	if (pen === null || cut.width === 0 || !hasFrame(video)) return null;
	pen.drawImage(video, cut.x, cut.y, cut.width, cut.height, 0, 0, cut.width, cut.height);
	return new Promise((resolve) => {
		canvas.toBlob(resolve, 'image/jpeg', TAKEN_QUALITY);
	});
}
