import { Camera, SwitchCamera, X } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { Button } from '../components/button';
import { Notice } from '../components/notice';
import type { NoCamera } from './open-camera';
import { useCamera } from './use-camera';

interface CameraViewProps {
	readonly onTake: (photo: Blob) => void;
	readonly onClose: () => void;
	/** The photo this one has to match, for a pair: laid over the picture, seen through. */
	readonly ghost?: string;
}

const SHUT: Readonly<Record<NoCamera, { title: string; text: string; again: boolean }>> = {
	denied: {
		title: 'The camera may not be used here',
		text: 'This browser was told not to give it to this site. Allow it beside the address, then try again, or choose a photo instead.',
		again: true,
	},
	none: {
		title: 'There is no camera here',
		text: 'None is connected to this device, or this browser does not offer it. Choose a photo instead, or open this page on a phone.',
		again: false,
	},
	busy: {
		title: 'The camera is in use',
		text: 'Another program or page has it. Close that one, then try again.',
		again: true,
	},
	failed: {
		title: 'The camera stopped',
		text: 'It gave no picture. Connect it again and try once more, or choose a photo instead.',
		again: true,
	},
};

/** The camera with a face drawn over it, so that every photo of a patient is framed alike. Escape closes it. */
export function CameraView({ onTake, onClose, ghost }: CameraViewProps) {
	const { video, state, open, take } = useCamera();
	const buttons = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (state.at === 'live') buttons.current?.querySelector('button')?.focus();
	}, [state.at]);
	useEffect(() => {
		const leave = (event: KeyboardEvent) => {
			if (event.key === 'Escape') onClose();
		};
		document.addEventListener('keydown', leave);
		return () => document.removeEventListener('keydown', leave);
	}, [onClose]);
	const shoot = async () => {
		const photo = await take();
		if (photo !== null) onTake(photo);
	};
	const close = (
		<Button type="button" look="quiet" onClick={onClose}>
			<X size={18} strokeWidth={1.75} aria-hidden="true" />
			Close the camera
		</Button>
	);
	if (state.at === 'shut') {
		const { title, text, again } = SHUT[state.why];
		return (
			<Notice
				kind="stop"
				title={title}
				isAlert
				actions={
					<>
						{again && (
							<Button type="button" look="line" onClick={() => open('environment')}>
								Try again
							</Button>
						)}
						{close}
					</>
				}
			>
				{text}
			</Notice>
		);
	}
	const isLive = state.at === 'live';
	return (
		<div className="camera">
			<div className="finder" data-mirrored={isLive && state.facing === 'user'} data-live={isLive}>
				<video ref={video} autoPlay playsInline muted aria-label="What the camera sees" />
				{ghost === undefined ? <FaceGhost /> : <img className="earlier" src={ghost} alt="" />}
			</div>
			<p className="soft">
				{ghost === undefined
					? 'Eyes level, the face in the oval, the lips on the line. Light from the front.'
					: 'Lay the face over the earlier photo: the same size, the same tilt, the same light.'}
			</p>
			<output className="small soft">
				{!isLive && 'Waiting for the camera. The browser asks whether it may be used.'}
			</output>
			<div className="row" ref={buttons}>
				<Button type="button" look="main" aria-disabled={!isLive} onClick={() => void shoot()}>
					<Camera size={18} strokeWidth={1.75} aria-hidden="true" />
					Take the photo
				</Button>
				{isLive && state.canTurn && (
					<Button type="button" look="line" onClick={() => open(state.facing === 'user' ? 'environment' : 'user')}>
						<SwitchCamera size={18} strokeWidth={1.75} aria-hidden="true" />
						{state.facing === 'user' ? 'Use the back camera' : 'Use the front camera'}
					</Button>
				)}
				{close}
			</div>
		</div>
	);
}

/** Where the face and the lips belong. */
function FaceGhost() {
	return (
		<svg className="face-ghost" viewBox="0 0 300 400" aria-hidden="true">
			<ellipse cx="150" cy="195" rx="98" ry="136" />
			<path d="M104 262 Q150 282 196 262" />
			<path d="M78 184 H222" className="eyes" />
		</svg>
	);
}
