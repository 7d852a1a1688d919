import { ImageUp } from 'lucide-react';
import { useMemo, useState } from 'react';

import { layOut } from '../../smile/reel/layout';
import { FORMATS } from '../../smile/reel/reel';
import { framesOf } from '../../smile/reel/timeline';
import { Notice } from '../components/notice';
import { measureOn, sizesOf } from './canvas-pen';
import { decodePicture } from './load-pictures';
import { NoCopy } from './no-copy';
import { firstSettings, reelOf, type ReelSource } from './settings';
import { TakeAways } from './take-aways';

const ACCEPT = 'image/jpeg,image/png,image/webp';

interface AfterAloneProps {
	/** Its picture before is the one after: nothing that is offered here shows it. */
	readonly source: ReelSource;
	/** The practice's own copy of the photo, decoded; it stays in this page's memory. */
	readonly onBefore: (picture: ImageBitmap) => void;
}

/** Once the photo is gone: why there is no reel, what can still be made, and the way on for who has the photo. */
export function AfterAlone({ source, onBefore }: AfterAloneProps) {
	const [isUnreadable, setUnreadable] = useState(false);
	const stage = useMemo(() => {
		const reel = { ...reelOf(firstSettings(source), source), captions: [] };
		const context = new OffscreenCanvas(1, 1).getContext('2d');
		if (context === null) throw new Error('This browser gives no canvas.');
		return { reel, layout: layOut(reel, FORMATS['4:5'], sizesOf(source.pictures), measureOn(context)) };
	}, [source]);
	const pick = async (file: File | undefined) => {
		if (file === undefined) return;
		const picture = await decodePicture(file);
		setUnreadable(picture === null);
		if (picture !== null) onBefore(picture);
	};
	return (
		<div className="reel-alone">
			<Notice kind="plain" title="The photo is gone, so there is no picture before">
				A reel and a still pair need both. The poster and the consult sheet can be made of the picture after. If the
				practice has the photo itself, choose it: it stays in this tab and is not sent.
			</Notice>
			{isUnreadable && (
				<Notice kind="stop" title="This file is no picture that can be read here" isAlert>
					Choose a JPEG, PNG or WebP file.
				</Notice>
			)}
			<div className="row">
				<label className="btn line reel-file">
					<ImageUp size={18} strokeWidth={1.75} aria-hidden="true" />
					Choose the photo before
					<input
						type="file"
						accept={ACCEPT}
						onChange={(event) => {
							void pick(event.currentTarget.files?.[0]);
							event.currentTarget.value = '';
						}}
					/>
				</label>
			</div>
			{source.refusal === null ? (
				<TakeAways source={source} stage={stage} frame={framesOf(stage.reel) - 1} hasBefore={false} />
			) : (
				<NoCopy rule={source.refusal} />
			)}
		</div>
	);
}
