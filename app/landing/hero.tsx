import type { ReactNode } from 'react';

import { useStudio } from '../shell';

/** The studio's two sentences, what they mean, what to do, and one picture. */
export function Hero({ actions, note, picture }: { actions: ReactNode; note: ReactNode; picture: ReactNode }) {
	const { tagline, promise } = useStudio();
	return (
		<div className="hero">
			<div className="hero-text">
				<h1>
					<span>{tagline.first}</span> <span className="second">{tagline.second}</span>
				</h1>
				<p className="lead">{promise}</p>
				<div className="row">{actions}</div>
				<p className="small muted">{note}</p>
			</div>
			{picture}
		</div>
	);
}
