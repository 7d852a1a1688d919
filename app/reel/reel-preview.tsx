import { Pause, Play, StepForward } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { drawFrame, type Stage } from '../../smile/reel/draw-frame';
import { labelOf } from '../../smile/reel/label';
import { FRAMES_PER_SECOND, momentOfFrame } from '../../smile/reel/timeline';
import { Button } from '../components/button';
import { CanvasPen, type ReelPictures } from './canvas-pen';
import { placeWords } from './settings';
import type { usePlayer } from './use-player';

/** Enough for a phone's dense screen; the film has all of them. */
const PIXELS_SHOWN = 0.5;

interface ReelPreviewProps {
	readonly stage: Stage;
	readonly pictures: ReelPictures;
	readonly player: ReturnType<typeof usePlayer>;
}

/** The reel as it will be exported, by the same strokes, with a slider over its frames. */
export function ReelPreview({ stage, pictures, player }: ReelPreviewProps) {
	const { reel, layout } = stage;
	const { frame, total, isPlaying, isStill, press, seek } = player;
	const words = placeWords(frame / FRAMES_PER_SECOND, reel);
	const label = labelOf(reel.label);
	return (
		<div className="reel-preview">
			<figure aria-label={`Preview of the reel. In the picture: ${label.text}`}>
				{/* A canvas of another size is another canvas: its scale is set once. */}
				<PreviewCanvas key={layout.format.id} stage={stage} pictures={pictures} frame={frame} />
			</figure>
			<div className="reel-transport">
				<Button type="button" onClick={press}>
					<PressIcon isPlaying={isPlaying} isStill={isStill} />
					{isStill ? 'Next second' : isPlaying ? 'Pause' : 'Play'}
				</Button>
				<input
					type="range"
					className="reel-scrub"
					min={0}
					max={total - 1}
					step={1}
					value={frame}
					aria-label="Place in the reel"
					aria-valuetext={words}
					onChange={(event) => seek(event.currentTarget.valueAsNumber)}
				/>
				<span className="small muted tabular">{words}</span>
			</div>
		</div>
	);
}

function PressIcon({ isPlaying, isStill }: { isPlaying: boolean; isStill: boolean }) {
	const Icon = isStill ? StepForward : isPlaying ? Pause : Play;
	return <Icon size={18} strokeWidth={1.75} aria-hidden="true" />;
}

function PreviewCanvas({ stage, pictures, frame }: { stage: Stage; pictures: ReelPictures; frame: number }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const [pen, setPen] = useState<CanvasPen | null>(null);
	const { width, height } = stage.layout.format;

	useEffect(() => {
		const context = canvas.current?.getContext('2d', { alpha: false }) ?? null;
		context?.setTransform(PIXELS_SHOWN, 0, 0, PIXELS_SHOWN, 0, 0);
		setPen(context === null ? null : new CanvasPen(context, pictures));
	}, [pictures]);
	useEffect(() => {
		if (pen !== null) drawFrame(pen, stage, momentOfFrame(stage.reel, frame));
	}, [pen, stage, frame]);

	return (
		<canvas
			ref={canvas}
			className="reel-canvas"
			width={width * PIXELS_SHOWN}
			height={height * PIXELS_SHOWN}
			data-frame={frame}
		/>
	);
}
