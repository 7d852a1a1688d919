import { useState, type ReactNode } from 'react';

import { CameraView } from './camera-view';
import type { CheckState } from './check-on-device';
import { PhotoPanel } from './photo-panel';
import { PhotoPicker } from './photo-picker';
import type { PhotoStage } from './use-photo';

interface PhotoDeskProps {
	readonly stage: PhotoStage;
	readonly checked: CheckState;
	readonly onPick: (photo: Blob) => void;
	readonly onSample: () => void;
	/** Someone is about to choose a photo. */
	readonly onNear: () => void;
	/** Where to go when the consent or the session has ended meanwhile. */
	readonly wayOut: (refusal: { isSignedOut: boolean; needsConsent: boolean }) => ReactNode;
	/** For the second photo of a pair: the first one, which the camera lays over its picture. */
	readonly ghost?: string;
}

/** Where a photo is chosen, taken, looked at and judged. */
export function PhotoDesk(props: PhotoDeskProps) {
	const { stage, checked, onPick, onSample, onNear, wayOut, ghost } = props;
	const [isCameraOpen, setIsCameraOpen] = useState(false);
	if (isCameraOpen) {
		return (
			<CameraView
				{...(ghost === undefined ? {} : { ghost })}
				onTake={(photo) => {
					setIsCameraOpen(false);
					onPick(photo);
				}}
				onClose={() => setIsCameraOpen(false)}
			/>
		);
	}
	return (
		<PhotoPanel
			stage={stage}
			checked={checked}
			picker={
				<PhotoPicker
					onPick={onPick}
					onSample={onSample}
					onCamera={() => {
						onNear();
						setIsCameraOpen(true);
					}}
					onNear={onNear}
					hasPhoto={'photo' in stage}
					isBusy={stage.at === 'preparing' || stage.at === 'sending'}
				/>
			}
			wayOut={wayOut}
		/>
	);
}
