import { ScanFace, WifiOff } from 'lucide-react';
import { useState, type CSSProperties } from 'react';

import { Button } from '../components/button';
import { Compare } from '../components/compare';
import { PicturePart } from '../components/picture-part';
import { useHydrated } from '../hydrated';
import { AskToLoad } from '../smile-lab/ask-to-load';
import { changeWords } from './change-words';
import type { ShadePreview } from './use-shade-preview';

interface ShadePreviewProps {
	readonly photo: { readonly url: string; readonly width: number | null; readonly height: number | null };
	/** "M-2041" or "The patient". */
	readonly name: string;
	readonly preview: ShadePreview;
	/** Why the treatment chosen shows nothing or not all here; null when the preview shows all of it. */
	readonly limit: string | null;
	/** Whether the treatment changes the colour at all. */
	readonly isWished: boolean;
}

/** The photo, and above it what the shade wished would look like, from pixels that never left this device again. */
export function ShadePreviewPane({ photo, name, preview, limit, isWished }: ShadePreviewProps) {
	const [isMapShown, setIsMapShown] = useState(false);
	const isLive = useHydrated();
	const shown = isWished && preview.at === 'ready' ? preview.shown : null;
	const teeth = preview.at === 'ready' ? preview.teeth : null;
	const [width, height] = [teeth?.width ?? photo.width, teeth?.height ?? photo.height];
	const style: FitStyle = width !== null && height !== null ? { '--fit': width / height } : {};
	return (
		<div className="fit" style={style}>
			{shown !== null && teeth !== null ? (
				<Compare
					before={{ src: photo.url, alt: `${name} as it is today` }}
					after={{ src: photo.url, alt: `Approximate preview of ${name}: the teeth in the shade to show` }}
					width={teeth.width}
					height={teeth.height}
					label="Approximate preview, not a measurement."
					isFirst
					overAfter={
						<PicturePart
							part={isMapShown && preview.at === 'ready' && preview.proof !== null ? preview.proof.map : shown.part}
							box={teeth.cut.box}
							width={teeth.width}
							height={teeth.height}
						/>
					}
				/>
			) : (
				<img
					className="photo"
					src={photo.url}
					alt={`${name} as it is today`}
					width={width ?? undefined}
					height={height ?? undefined}
				/>
			)}
			{/* Said while it begins; later each change of a slider would be read out. */}
			<div className="said" aria-live={preview.at === 'ready' ? 'off' : 'polite'}>
				{isLive && isWished && <AskToLoad without="Ordering works without it." />}
				{isLive && isWished && <PreviewLines preview={preview} isMapShown={isMapShown} onMap={setIsMapShown} />}
				{limit !== null && <p className="small muted">{limit}</p>}
			</div>
		</div>
	);
}

type FitStyle = CSSProperties & { '--fit'?: number };

interface LinesProps {
	readonly preview: ShadePreview;
	readonly isMapShown: boolean;
	readonly onMap: (isShown: boolean) => void;
}

function PreviewLines({ preview, isMapShown, onMap }: LinesProps) {
	if (preview.at === 'preparing') return <p className="small muted">The preview is being prepared on this device.</p>;
	if (preview.at === 'none') return <p className="small muted">{preview.sentence}</p>;
	const { shown, proof } = preview;
	return (
		<ul className="done-here">
			<li>
				<ScanFace size={18} strokeWidth={1.75} aria-hidden="true" />
				<span>
					{proof === null ? 'Counting the pixels that change.' : changeWords(proof.difference, 'teeth')}
					{proof !== null && (
						<Button type="button" look="quiet" aria-pressed={isMapShown} onClick={() => onMap(!isMapShown)}>
							{isMapShown ? 'Show the preview' : 'Show the difference'}
						</Button>
					)}
				</span>
			</li>
			<li>
				<WifiOff size={18} strokeWidth={1.75} aria-hidden="true" />
				<span>
					Drawn on this device, nothing is sent for it.
					{shown !== null && ` Preview ready in ${Math.max(1, Math.round(shown.tookMs))} ms.`}
				</span>
			</li>
		</ul>
	);
}
