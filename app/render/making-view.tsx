import { DoorOpen } from 'lucide-react';

import { ConfirmForm } from '../components/confirm-form';
import { Progress } from '../components/progress';
import { isUnderWay, type RenderView } from './answers';
import { PhotoLife } from './photo-life';
import { RenderHeading } from './render-heading';
import { StageRows } from './stage-rows';
import { useLiveRender } from './use-live-render';

/** A render under way: how far it is, that it is safe to leave, what cancelling costs, and where the photo is. */
export function MakingView({ view }: { view: RenderView }) {
	const { render, source } = view;
	const { live, toldAtMs } = useLiveRender(render.id, render);
	const now = { ...render, ...live };
	const name = `The smile of ${render.subjectReference ?? 'the patient'}`;
	return (
		<div className="render-cols">
			<div>
				<RenderHeading render={render} title="Making the smile" />
				<Progress progress={live.progress} stages={live.stages} label={name}>
					<StageRows stages={live.stages} receivedAt={render.createdAt} toldAtMs={toldAtMs} />
				</Progress>
				{/* Speaks when a stage begins or ends; the percentage is for those who look. */}
				<output className="vh">{stageWords(live)}</output>
				<noscript>
					<p className="again">
						<a href={`/smiles/${render.id}`}>Look how far it is now</a>
					</p>
				</noscript>
				<div className="notice">
					<DoorOpen size={20} strokeWidth={1.75} aria-hidden="true" />
					<p className="h">You can close this page</p>
					<div className="soft">It goes on without you. The video will be under Smiles when it is ready.</div>
				</div>
				{isUnderWay(live.state) && (
					<div className="row cancel">
						<ConfirmForm
							fields={{ intent: 'cancel' }}
							look="quiet"
							label="Cancel this video"
							pendingLabel="Cancelling…"
							question="Cancel this video?"
							consequence={`It stops where it is, and the ${render.credits.held} credits come back. The photo is still deleted in time.`}
						/>
						<p className="soft small">
							{render.credits.held} credits are held, not spent. Cancel and you get them back.
						</p>
					</div>
				)}
			</div>
			<aside className="render-side">
				{source?.url != null && (
					<img
						className="photo"
						src={source.url}
						alt={`${render.subjectReference ?? 'The patient'} as it is today`}
						width={source.width ?? undefined}
						height={source.height ?? undefined}
					/>
				)}
				<PhotoLife render={now} />
			</aside>
		</div>
	);
}

function stageWords(live: { state: string; stages: readonly { state: string; doing: string }[] }): string {
	if (live.state === 'queued') return 'Waiting for its turn';
	if (live.state === 'succeeded') return 'The video is ready';
	return live.stages.find(({ state }) => state === 'doing')?.doing ?? '';
}
