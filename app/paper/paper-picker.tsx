import { Camera, ImageUp } from 'lucide-react';
import { useEffect, useState, type ChangeEvent, type DragEvent } from 'react';

import { Notice } from '../components/notice';
import { useHydrated } from '../hydrated';
import { Meter } from '../smile/meter';
import type { PaperStage } from './use-paper';

const ACCEPT = 'application/pdf,image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif,.pdf';

interface PaperPickerProps {
	readonly stage: PaperStage;
	readonly onPick: (file: File) => void;
	/** A paper stands already: another one replaces it. */
	readonly hasPaper: boolean;
}

/** Photograph, choose, drag or paste the paper. The inputs are the browser's own, so keys and phones know them. */
export function PaperPicker({ stage, onPick, hasPaper }: PaperPickerProps) {
	const [isOver, setIsOver] = useState(false);
	const isLive = useHydrated();
	const isBusy = !isLive || stage.at === 'preparing' || stage.at === 'sending';
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
		<div className="stack">
			{stage.at === 'refused' && (
				<Notice kind="stop" title={stage.refusal.heading} isAlert>
					{stage.refusal.sentence}
				</Notice>
			)}
			<div
				className="drop-zone"
				data-over={isOver}
				data-small={hasPaper}
				onDragOver={(event) => {
					event.preventDefault();
					setIsOver(true);
				}}
				onDragLeave={() => setIsOver(false)}
				onDrop={drop}
			>
				{!hasPaper && (
					<>
						<p className="h3">Choose a picture or a PDF of it, drag it here, or paste it</p>
						<p className="soft">
							All of it, flat and readable: JPEG, PNG, WebP or HEIC, or a PDF of up to 10 MB and 20 pages.
						</p>
					</>
				)}
				<div className="row">
					<label className={`btn pick ${hasPaper ? 'line' : 'main'}`} aria-disabled={isBusy}>
						<ImageUp size={18} strokeWidth={1.75} aria-hidden="true" />
						{hasPaper ? 'Replace the paper' : 'Choose the paper'}
						<input type="file" accept={ACCEPT} onChange={pick} disabled={isBusy} />
					</label>
					<label className="btn line pick touch" aria-disabled={isBusy}>
						<Camera size={18} strokeWidth={1.75} aria-hidden="true" />
						Photograph it
						<input type="file" accept="image/*" capture="environment" onChange={pick} disabled={isBusy} />
					</label>
				</div>
			</div>
			<PaperProgress stage={stage} />
		</div>
	);
}

function PaperProgress({ stage }: { stage: PaperStage }) {
	const perCent = stage.at === 'sending' ? Math.round(stage.share * 100) : 0;
	return (
		<div className="paper-progress">
			<output className="small soft num">
				{stage.at === 'preparing' && 'Preparing it on this device'}
				{stage.at === 'sending' && (perCent < 100 ? `Sending the paper, ${perCent} %` : 'Checking what arrived')}
			</output>
			{stage.at === 'sending' && <Meter perCent={perCent} label="Sending the paper" />}
		</div>
	);
}

/** A file from the clipboard; text that is pasted into a field stays there. */
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
