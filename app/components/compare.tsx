import { useState, type CSSProperties, type ReactNode } from 'react';

export interface Picture {
	readonly src: string;
	readonly alt: string;
}

interface CompareProps {
	readonly before: Picture;
	readonly after: Picture;
	readonly width: number;
	readonly height: number;
	/** Burnt in at the lower edge: what this picture is not. */
	readonly label: string;
	/** Per cent shown of the picture before. */
	readonly start?: number;
	/** The first picture of a page loads at once. */
	readonly isFirst?: boolean;
	/** Laid over the picture after, below the picture before. */
	readonly overAfter?: ReactNode;
}

const START_PER_CENT = 50;

/**
 * Before above after, parted by a cut. A range input lies over all of it, so pointer, arrow keys (1 %), page keys (10 %),
 * Home and End are the browser's own. `public/still.js` moves the cut on pages that load no React; without any script
 * it is two pictures side by side, each with its name.
 */
export function Compare(props: CompareProps) {
	const { before, after, width, height, label, start = START_PER_CENT, isFirst = false, overAfter } = props;
	const [cut, setCut] = useState(start);
	const size = { width, height, ...(isFirst ? FIRST : LATER) };
	const style: CSSProperties & Record<'--x' | '--ratio', string> = {
		'--x': `${cut}%`,
		'--ratio': `${width} / ${height}`,
	};

	return (
		<div className="compare" style={style}>
			<img className="under" src={after.src} alt={after.alt} {...size} />
			{overAfter}
			<img className="over" src={before.src} alt={before.alt} {...size} />
			<span className="tag a">Before</span>
			<span className="tag b">After</span>
			<span className="label-ai">{label}</span>
			<input
				type="range"
				min="0"
				max="100"
				step="1"
				value={cut}
				aria-label="Compare before and after"
				aria-valuetext={`${cut} % before`}
				onChange={(event) => setCut(event.currentTarget.valueAsNumber)}
			/>
			<span className="cut" />
		</div>
	);
}

const FIRST = { loading: 'eager', fetchpriority: 'high' } as const;
const LATER = { loading: 'lazy' } as const;
