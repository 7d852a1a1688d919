import type { ReactNode } from 'react';

/** One large number with its unit and a sentence; unknown is said in words, never 0. */
export function Figure({ value, unit, children }: { value: ReactNode; unit?: string; children?: ReactNode }) {
	return (
		<div className="fig">
			<span className="n">
				{value}
				{unit !== undefined && <small>{unit}</small>}
			</span>
			{children !== undefined && <p className="soft">{children}</p>}
		</div>
	);
}
