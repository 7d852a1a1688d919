import type { ReactNode } from 'react';

interface ProgressProps {
	/** 0 to 1. */
	readonly progress: number;
	/** Expected seconds per stage give each its share of the bar. */
	readonly stages: readonly {
		readonly id: string;
		readonly expectedSeconds: number;
		readonly state: 'to_do' | 'doing' | 'done' | 'failed';
	}[];
	/** Spoken name of the bar: "The smile of M-2041". */
	readonly label: string;
	readonly children?: ReactNode;
}

/** One serif percentage and one bar: solid = finished stages, hatched = the one in hand. */
export function Progress({ progress, stages, label, children }: ProgressProps) {
	const perCent = Math.round(Math.min(1, Math.max(0, progress)) * 100);
	const total = stages.reduce((sum, stage) => sum + stage.expectedSeconds, 0);
	const done = stages.reduce((sum, stage) => sum + (stage.state === 'done' ? stage.expectedSeconds : 0), 0);
	const solid = total === 0 ? 0 : Math.min(perCent, (done / total) * 100);
	return (
		<div className="progress">
			<p className="n">
				{perCent}
				<small>%</small>
			</p>
			<progress className="vh" aria-label={label} value={perCent} max={100} />
			<div className="meter multi" aria-hidden="true">
				<i style={{ width: `${solid}%` }} />
				<i className="held" style={{ width: `${perCent - solid}%` }} />
			</div>
			{children}
		</div>
	);
}
