import { useState } from 'react';

import type { Stage } from '../../smile/reel/draw-frame';
import { labelOf } from '../../smile/reel/label';
import { momentOfFrame } from '../../smile/reel/timeline';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { Left } from '../provenance/left';
import type { FileOrder } from '../provenance/marks';
import { useLeaving, type Leaving } from '../provenance/use-leaving';
import { useShell } from '../shell';
import { documentWords } from '../times';
import type { Paper } from './consult-sheet';
import type { ReelSource } from './settings';
import { drawForSheet, drawPair, drawPoster, type StillType } from './stills';

interface TakeAwaysProps {
	readonly source: ReelSource;
	readonly stage: Stage;
	/** The frame that the preview shows: the poster is that one. */
	readonly frame: number;
	/** Whether there is a picture before; without it there is no pair, and the sheet shows the one after alone. */
	readonly hasBefore: boolean;
}

/** What else comes of the same reel: stills, and a sheet of paper. */
export function TakeAways({ source, stage, frame, hasBefore }: TakeAwaysProps) {
	const { state, leave, leaveWhole } = useLeaving();
	const { isBusy, hasFailed, make } = useMaking(leave);
	const { zone, nowMs, dates } = useShell();
	const { reel } = stage;
	const poster = (type: StillType) => () => drawPoster(stage, source.pictures, momentOfFrame(reel, frame), type);
	const pair = () => drawPair(reel, source.pictures, 'image/png');
	const sheet = (paper: Paper) => () => {
		const today = documentWords(new Date(nowMs).toISOString(), zone, dates).day;
		return makeSheet(source, stage, { paper, today, hasBefore });
	};
	const offers: readonly Offer[] = [
		{ label: 'Poster, PNG', name: 'poster.png', kind: 'still', work: poster('image/png') },
		{ label: 'Poster, JPEG', name: 'poster.jpg', kind: 'still', work: poster('image/jpeg') },
		...(hasBefore ? [{ label: 'Still pair', name: 'still-pair.png', kind: 'pair', work: pair } as const] : []),
		{ label: 'Consult sheet, A4', name: 'consult-sheet-a4.pdf', kind: null, work: sheet('a4') },
		{ label: 'Consult sheet, Letter', name: 'consult-sheet-letter.pdf', kind: null, work: sheet('letter') },
	];
	const orderOf = (kind: Offer['kind']) =>
		kind === null || source.keep === null ? null : { renderId: source.keep.renderId, kind };
	return (
		<section className="stack-2">
			<h2 className="h3">Also from this</h2>
			<p className="soft">The poster is the frame that the preview shows. A sheet is a PDF of one page to print.</p>
			{hasFailed && (
				<Notice kind="failed" title="The file could not be made" isAlert>
					This browser ran out of memory or lacks a part that is needed. Close other tabs and try again.
				</Notice>
			)}
			<div className="row">
				{offers.map(({ label, name, kind, work }) => (
					<Button
						key={name}
						type="button"
						isPending={isBusy === name}
						pendingLabel="Making…"
						onClick={() => void make({ name, order: orderOf(kind), work })}
					>
						{label}
					</Button>
				))}
			</div>
			<Left state={state} onWhole={leaveWhole} />
		</section>
	);
}

interface Offer {
	readonly label: string;
	readonly name: string;
	/** What it is of its order; null: a paper, which says it in words. */
	readonly kind: FileOrder['kind'] | null;
	readonly work: () => Promise<Blob>;
}

interface Made extends Omit<Leaving, 'blob'> {
	readonly work: () => Promise<Blob>;
}

function useMaking(leave: (leaving: Leaving) => Promise<void>) {
	const [isBusy, setBusy] = useState<string | null>(null);
	const [hasFailed, setFailed] = useState(false);
	const make = async ({ name, order, work }: Made) => {
		setBusy(name);
		setFailed(false);
		try {
			await leave({ blob: await work(), name, order });
		} catch (error) {
			console.warn('A file could not be made.', error);
			setFailed(true);
		} finally {
			setBusy(null);
		}
	};
	return { isBusy, hasFailed, make };
}

interface SheetOptions {
	readonly paper: Paper;
	readonly today: string;
	readonly hasBefore: boolean;
}

async function makeSheet(
	source: ReelSource,
	{ reel }: Stage,
	{ paper, today, hasBefore }: SheetOptions,
): Promise<Blob> {
	const { pictures, practice, patient, treatment, caveat } = source;
	const [{ writeConsultSheet }, before, after, logo] = await Promise.all([
		import('./consult-sheet'),
		hasBefore ? drawForSheet(reel, pictures, 'before') : null,
		drawForSheet(reel, pictures, 'after'),
		pictures.logo === null || !reel.brand.showsLogo ? null : pngOf(pictures.logo),
	]);
	const label = labelOf(reel.label).text;
	return writeConsultSheet({ practice, logo, patient, date: today, treatment, caveat, label, before, after }, paper);
}

async function pngOf(picture: ImageBitmap): Promise<Blob> {
	const canvas = new OffscreenCanvas(picture.width, picture.height);
	canvas.getContext('2d')?.drawImage(picture, 0, 0);
	return canvas.convertToBlob({ type: 'image/png' });
}
