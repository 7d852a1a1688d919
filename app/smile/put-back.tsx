import { ScanFace } from 'lucide-react';
import { useState } from 'react';

import { isShade } from '../../smile/shades';
import { isTreatmentId, treatmentOf } from '../../studios/treatments';
import { Button } from '../components/button';
import { Compare } from '../components/compare';
import { Notice } from '../components/notice';
import { PicturePart } from '../components/picture-part';
import { useHydrated } from '../hydrated';
import { AskToLoad } from '../smile-lab/ask-to-load';
import { changeWords } from './change-words';
import { usePutBack } from './use-put-back';

interface PutBackProps {
	readonly photo: { readonly url: string; readonly alt: string };
	readonly after: { readonly url: string; readonly alt: string; readonly width: number; readonly height: number };
	readonly label: string;
	/** The order's, as it is kept. */
	readonly input: Readonly<Record<string, unknown>>;
}

/** Before and after, the after being the patient's own photo with nothing but the mouth of the generated picture in it. */
export function PutBackCompare({ photo, after, label, input }: PutBackProps) {
	const { treatment: id, fromShade, toShade } = input;
	const treatment = treatmentOf(isTreatmentId(id) ? id : 'whitening');
	const stage = usePutBack(
		{ photo: photo.url, generated: after.url },
		{
			region: treatment.region,
			mayChange: treatment.mayChange,
			from: tabOf(fromShade),
			to: tabOf(toShade),
		},
	);
	const isLive = useHydrated();
	const [isWhole, setIsWhole] = useState(false);
	const put = stage.at === 'ready' && !isWhole ? stage.put : null;
	return (
		<div>
			<Compare
				before={{ src: photo.url, alt: photo.alt }}
				after={{ src: put === null ? after.url : photo.url, alt: after.alt }}
				width={after.width}
				height={after.height}
				label={label}
				isFirst
				overAfter={put !== null && <PicturePart part={put.part} box={put.box} width={put.width} height={put.height} />}
			/>
			<div className="said">
				{isLive && stage.at === 'working' && (
					<AskToLoad without="Without it the whole picture that AI made is shown." />
				)}
				{isLive && stage.at === 'working' && (
					<p className="small muted">The mouth is being put into the photo on this device.</p>
				)}
				{stage.at === 'none' && <p className="small muted">{stage.sentence}</p>}
				{stage.at === 'ready' && (
					<ul className="done-here">
						<li>
							<ScanFace size={18} strokeWidth={1.75} aria-hidden="true" />
							<span>
								{isWhole
									? 'This is the whole picture that AI made, the face included.'
									: changeWords(stage.put.difference, treatment.region === 'teeth' ? 'teeth' : 'mouth')}
								<Button type="button" look="quiet" aria-pressed={isWhole} onClick={() => setIsWhole(!isWhole)}>
									{isWhole ? 'Show only the mouth' : 'Show the whole AI picture'}
								</Button>
							</span>
						</li>
					</ul>
				)}
			</div>
			{stage.at === 'ready' && stage.put.doubts.length > 0 && (
				<Notice kind="soon" title={`This may be more than ${treatment.name.toLowerCase()} can do`}>
					{stage.put.doubts.map(({ sentence }) => sentence).join(' ')} It compares two pictures and is no clinical
					judgement.
				</Notice>
			)}
		</div>
	);
}

function tabOf(value: unknown) {
	return typeof value === 'string' && isShade(value) ? value : undefined;
}
