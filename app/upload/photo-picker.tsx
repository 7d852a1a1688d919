import { Camera, ImageUp, UserRound } from 'lucide-react';
import { useEffect, useState, type ChangeEvent, type DragEvent } from 'react';

import { Button } from '../components/button';
import { useHydrated } from '../hydrated';

const ACCEPT = 'image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif';

interface PhotoPickerProps {
	readonly onPick: (file: File) => void;
	readonly onSample: () => void;
	readonly onCamera: () => void;
	/** Someone is about to choose: what takes a moment to load may begin. */
	readonly onNear: () => void;
	/** A photo stands already: choosing another is no longer the one thing to do. */
	readonly hasPhoto: boolean;
	readonly isBusy: boolean;
}

/** Choose, drag, paste, take, or use the drawn patient. The inputs are the browser's own, so keys and phones know them. */
export function PhotoPicker({ onPick, onSample, onCamera, onNear, hasPhoto, isBusy }: PhotoPickerProps) {
	const [isOver, setIsOver] = useState(false);
	// Browsers give a camera to secure pages alone. The phone's own camera app takes photos everywhere.
	const hasCamera = useHydrated() && 'mediaDevices' in navigator;
	usePasted(onPick, isBusy);
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
			onPointerEnter={onNear}
			onFocus={onNear}
			onDragOver={(event) => {
				event.preventDefault();
				setIsOver(true);
			}}
			onDragLeave={() => setIsOver(false)}
			onDrop={drop}
		>
			{!hasPhoto && (
				<>
					<p className="h3">Choose a photo, drag it here, or paste it</p>
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
				{hasCamera ? (
					<Button type="button" look="line" onClick={onCamera} aria-disabled={isBusy}>
						<Camera size={18} strokeWidth={1.75} aria-hidden="true" />
						Take a photo
					</Button>
				) : (
					<label className="btn line pick touch">
						<Camera size={18} strokeWidth={1.75} aria-hidden="true" />
						Take a photo
						<input type="file" accept="image/*" capture="environment" onChange={pick} disabled={isBusy} />
					</label>
				)}
				<Button type="button" look="quiet" onClick={onSample} isPending={isBusy} pendingLabel="Working…">
					<UserRound size={18} strokeWidth={1.75} aria-hidden="true" />
					Use the drawn sample patient
				</Button>
			</div>
		</div>
	);
}

/** A picture from the clipboard counts wherever on the page it is pasted: nothing here takes text. */
function usePasted(onPick: (file: File) => void, isBusy: boolean): void {
	useEffect(() => {
		const paste = (event: ClipboardEvent) => {
			const file = event.clipboardData?.files[0];
			if (file === undefined || isBusy) return;
			event.preventDefault();
			onPick(file);
		};
		document.addEventListener('paste', paste);
		return () => document.removeEventListener('paste', paste);
	}, [onPick, isBusy]);
}
