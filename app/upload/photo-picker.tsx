import { Camera, ImageUp, UserRound } from 'lucide-react';
import { useState, type ChangeEvent, type DragEvent } from 'react';

import { Button } from '../components/button';

const ACCEPT = 'image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif';

interface PhotoPickerProps {
	readonly onPick: (file: File) => void;
	readonly onSample: () => void;
	/** A photo stands already: choosing another is no longer the one thing to do. */
	readonly hasPhoto: boolean;
	readonly isBusy: boolean;
}

/** Choose, drag, take, or use the drawn patient. The inputs are the browser's own, so keys and phones know them. */
export function PhotoPicker({ onPick, onSample, hasPhoto, isBusy }: PhotoPickerProps) {
	const [isOver, setIsOver] = useState(false);
	const pick = (event: ChangeEvent<HTMLInputElement>) => {
		const file = event.currentTarget.files?.[0];
		if (file !== undefined) onPick(file);
		// The same file can be chosen again after it was refused.
		event.currentTarget.value = '';
	};
	const drop = (event: DragEvent) => {
		event.preventDefault();
		setIsOver(false);
		const file = event.dataTransfer.files[0];
		if (file !== undefined && !isBusy) onPick(file);
	};
	return (
		<div
			className="drop-zone"
			data-over={isOver}
			data-small={hasPhoto}
			onDragOver={(event) => {
				event.preventDefault();
				setIsOver(true);
			}}
			onDragLeave={() => setIsOver(false)}
			onDrop={drop}
		>
			{!hasPhoto && (
				<>
					<p className="h3">Choose a photo, or drag it here</p>
					<p className="soft">
						One face from the front, close, sharp, teeth showing. JPEG, PNG, WebP or HEIC, up to 25 MB.
					</p>
				</>
			)}
			<div className="row">
				<label className={`btn pick ${hasPhoto ? 'line' : 'main'}`}>
					<ImageUp size={18} strokeWidth={1.75} aria-hidden="true" />
					{hasPhoto ? 'Choose another' : 'Choose a photo'}
					<input type="file" accept={ACCEPT} onChange={pick} disabled={isBusy} />
				</label>
				<label className="btn line pick touch">
					<Camera size={18} strokeWidth={1.75} aria-hidden="true" />
					Take a photo
					<input type="file" accept="image/*" capture="environment" onChange={pick} disabled={isBusy} />
				</label>
				<Button type="button" look="quiet" onClick={onSample} isPending={isBusy} pendingLabel="Working…">
					<UserRound size={18} strokeWidth={1.75} aria-hidden="true" />
					Use the drawn sample patient
				</Button>
			</div>
		</div>
	);
}
