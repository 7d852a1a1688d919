import { ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { useStudio } from '../shell';
import { parametersOf } from '../smile/shade-wish';
import { wizardPaths } from '../smile/wizard-steps';
import type { SmileRefusal } from '../../smile/refusals';
import { toolOf } from '../../studios/studio';
import type { RenderAnswer, RenderView } from './answers';
import { PhotoFate } from './photo-fate';
import { ProcessorKept } from './processor-kept';
import { RenderHeading } from './render-heading';
import { StageRows } from './stage-rows';

type EndedState = Exclude<RenderAnswer['state'], 'queued' | 'running' | 'succeeded'>;

const TITLES: Readonly<Record<EndedState, { title: string; notice: string }>> = {
	failed: { title: 'The video could not be made', notice: 'You were not charged' },
	cancelled: { title: 'Cancelled', notice: 'This video was cancelled. You were not charged' },
	expired: { title: 'The video took too long', notice: 'You were not charged' },
};

/** The photo itself cannot become a smile: the same one would fail again. */
const PHOTO_AT_FAULT: ReadonlySet<string> = new Set([
	'no_face',
	'several_faces',
	'mouth_closed',
	'mouth_too_small',
	'blurred',
	'no_teeth',
] satisfies SmileRefusal['code'][]);

/** A render that ended without a video: what happened, why, what became of photo and credits, and the way on. */
export function EndedView({ view, state }: { view: RenderView; state: EndedState }) {
	const { render } = view;
	const studio = useStudio();
	const credits = toolOf(studio, render.tool)?.credits ?? 0;
	const face = TITLES[state];
	const canServeAgain = render.source?.state === 'ready' && !PHOTO_AT_FAULT.has(render.error?.code ?? '');
	return (
		<>
			<RenderHeading render={render} title={face.title} />
			<div className="render-cols">
				<div className="stack-5">
					<Notice
						kind={state === 'cancelled' ? 'plain' : 'failed'}
						title={face.notice}
						actions={
							<ButtonLink to={canServeAgain ? againPath(render) : wizardPaths.patient}>
								{canServeAgain ? 'Try again with this photo' : 'Start with a new photo'}
							</ButtonLink>
						}
					>
						{reasonOf(render, state, studio.limits.renderMinutesMax)} The {credits} credits are back.
					</Notice>
					<StageRows stages={render.stages} receivedAt={render.createdAt} ended={state} />
				</div>
				<aside className="render-side">
					<PhotoFate render={render} />
					<ProcessorKept render={render} />
				</aside>
			</div>
		</>
	);
}

function reasonOf(render: RenderAnswer, state: EndedState, minutesMax: number): string {
	if (render.error !== undefined) return render.error.message;
	if (state === 'cancelled') return 'It stopped where it was.';
	if (state === 'expired')
		return `It was not ready after ${minutesMax} minutes, and we do not keep you waiting longer.`;
	return 'The picture could not be drawn.';
}

/** The same photo, treatment and shades again, to look at before they are ordered. */
export function againPath(render: RenderAnswer): string {
	if (render.source === null) return wizardPaths.patient;
	return wizardPaths.shade(render.source.uploadId) + parametersOf(render.input);
}
