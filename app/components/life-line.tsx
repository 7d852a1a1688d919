import type { ReactNode } from 'react';

export interface LifeMark {
	readonly key: string;
	readonly what: ReactNode;
	readonly when?: ReactNode;
	readonly note?: ReactNode;
	/** `done`: is or was here, solid. `now`: in hand, hatched. Left out: not yet, or gone; hollow. */
	readonly state?: 'done' | 'now' | undefined;
}

/** Where a thing is, and until when. */
export function LifeLine({ marks, isWide = false }: { marks: readonly LifeMark[]; isWide?: boolean }) {
	return (
		<ol className={isWide ? 'life-wide' : 'life'}>
			{marks.map((mark) => (
				<li key={mark.key} className={mark.state}>
					<span className="seg-l" />
					<span className="txt">
						{isWide && mark.when !== undefined && <span className="t">{mark.when}</span>}
						<b>{mark.what}</b>
						{!isWide && mark.when !== undefined && <span className="t">{mark.when}</span>}
						{mark.note !== undefined && <span className="note">{mark.note}</span>}
						{mark.state === 'now' && <span className="vh"> (in hand)</span>}
					</span>
				</li>
			))}
		</ol>
	);
}
