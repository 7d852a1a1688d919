import type { ReactNode } from 'react';

interface ActionBarProps {
	readonly back?: ReactNode;
	/** Why the next step is not open yet, or what it costs. */
	readonly reason?: ReactNode;
	readonly next: ReactNode;
}

/** Back left, reason centre, next right; on phones it sticks to the lower edge. */
export function ActionBar({ back, reason, next }: ActionBarProps) {
	return (
		<div className="act">
			<div className="wrap">
				<div>{back}</div>
				<output className="small muted">{reason}</output>
				<div>{next}</div>
			</div>
		</div>
	);
}
