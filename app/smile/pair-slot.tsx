import { ImageUp } from 'lucide-react';

import type { Chosen, Side } from './use-pair';

const ACCEPT = 'image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif';

export const SIDE_NAMES: Readonly<Record<Side, string>> = { before: 'Before', after: 'After' };

interface PairSlotProps {
	readonly side: Side;
	readonly photo: Chosen | undefined;
	/** The one thing to do next stands out. */
	readonly isNext: boolean;
	readonly isBusy: boolean;
	readonly onPick: (file: File) => void;
}

/** One side of the pair: its photo as it came, and the browser's own file field. */
export function PairSlot({ side, photo, isNext, isBusy, onPick }: PairSlotProps) {
	const name = SIDE_NAMES[side].toLowerCase();
	return (
		<section className="slot" aria-label={SIDE_NAMES[side]}>
			<h2 className="h3">{SIDE_NAMES[side]}</h2>
			{photo !== undefined && (
				<img
					className="photo"
					src={photo.url}
					alt={`${SIDE_NAMES[side]}, as it was chosen`}
					width={photo.width}
					height={photo.height}
				/>
			)}
			<label className={`btn pick ${isNext ? 'main' : 'line'}`}>
				<ImageUp size={18} strokeWidth={1.75} aria-hidden="true" />
				{photo === undefined ? `Choose the ${name} photo` : `Choose another ${name} photo`}
				<input
					type="file"
					accept={ACCEPT}
					disabled={isBusy}
					onChange={(event) => {
						const file = event.currentTarget.files?.[0];
						if (file !== undefined) onPick(file);
						// The same file can be chosen again after it was refused.
						event.currentTarget.value = '';
					}}
				/>
			</label>
		</section>
	);
}
