import type { ReactNode } from 'react';

import { ConsentMark } from '../components/consent-mark';
import { Time } from '../components/time';
import { treatmentWords } from '../smile/shade-choice';
import type { RenderAnswer } from './answers';

interface RenderHeadingProps {
	readonly render: RenderAnswer;
	readonly title: string;
	/** The one thing to do here, beside the title. */
	readonly action?: ReactNode;
}

export function RenderHeading({ render, title, action }: RenderHeadingProps) {
	return (
		<div className="render-head">
			<div>
				<p className="muted">
					{[render.subjectReference ?? 'Patient deleted', treatmentWords(render.input)].join(' · ')}
					{render.finishedAt !== null && (
						<>
							{' · '}
							<Time at={render.finishedAt} />
						</>
					)}
				</p>
				<h1>{title}</h1>
				<ConsentMark consent={render.subjectReference === null ? undefined : render.consent} />
			</div>
			{action}
		</div>
	);
}
