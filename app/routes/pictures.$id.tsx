import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { data, Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { Trash2 } from 'lucide-react';

import { apiFor, isSignedOut, refusalOf, turnedAway } from '../api';
import { Button, ButtonLink } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { Progress } from '../components/progress';
import { Time } from '../components/time';
import { LeavingLink } from '../provenance/leaving-link';
import { promptWords } from '../render/prompt-words';
import { useWatch } from '../use-watch';
import { useStudio } from '../shell';
import { titled } from '../title';

export const meta = titled('Picture');

export async function loader({ request, context, params }: LoaderFunctionArgs) {
	if (context.studio !== 'image') throw new Response(null, { status: 404 });
	const answer = await apiFor(context, request).v1.renders[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const render = await answer.json();
	return { ...render, input: null, prompt: promptWords(render.input) };
}

type Render = Awaited<ReturnType<typeof loader>>;

export async function action({ request, context, params }: ActionFunctionArgs) {
	const api = apiFor(context, request).v1;
	const form = await request.formData();
	const assetId = form.get('assetId');
	if (typeof assetId === 'string') {
		const answer = await api.assets[':id'].$delete({ param: { id: assetId } });
		if (isSignedOut(answer)) throw await turnedAway(answer, request);
		if (!answer.ok) return data({ refusal: (await refusalOf(answer)).message }, answer.status);
		return redirect(`/receipts/${(await answer.json()).receiptId}`);
	}
	const answer = await api.renders[':id'].cancel.$post({ param: { id: params['id'] ?? '' } });
	if (isSignedOut(answer)) throw await turnedAway(answer, request);
	return data({ refusal: answer.ok ? null : (await refusalOf(answer)).message }, answer.status);
}

export default function PicturePage() {
	const render = useLoaderData<typeof loader>();
	const refusal = useActionData<typeof action>()?.refusal ?? null;
	const isRunning = render.state === 'queued' || render.state === 'running';
	useWatch(isRunning);
	return (
		<Page>
			<p className="small muted">
				<Link to="/pictures">Pictures</Link> · <Time at={render.createdAt} />
			</p>
			{refusal !== null && <Notice kind="stop" title={refusal} isAlert />}
			{isRunning ? <Making render={render} /> : <Ended render={render} />}
		</Page>
	);
}

function Making({ render }: { render: Render }) {
	const stage = render.stages.find(({ state }) => state === 'doing');
	return (
		<div className="ask">
			<h1>{stage?.doing ?? 'Waiting for its turn'}</h1>
			<Progress progress={render.progress} stages={render.stages} label="The picture">
				<output className="soft">
					{stage === undefined ? 'It starts in a moment.' : `Usually ${stage.expectedSeconds} seconds.`} You can close
					this page. It goes on without you.
				</output>
			</Progress>
			<p className="serif body">{render.prompt}</p>
			<div className="row">
				<Form method="post">
					<Button look="line" pendingLabel="Cancelling…">
						Cancel
					</Button>
				</Form>
				<noscript>
					<a className="btn quiet" href={`/pictures/${render.id}`}>
						Look again
					</a>
				</noscript>
			</div>
			<p className="small muted">{render.credits.held} credits are held. They come back if it fails or you cancel.</p>
		</div>
	);
}

function Ended({ render }: { render: Render }) {
	const picture = render.assets.find(({ kind }) => kind === 'picture');
	if (render.state !== 'succeeded') return <NotMade render={render} />;
	if (picture?.state !== 'ready') return <Gone receiptId={picture?.receiptId} prompt={render.prompt} />;
	return <Ready render={render} assetId={picture.id} />;
}

function Ready({ render, assetId }: { render: Render; assetId: string }) {
	const studio = useStudio();
	return (
		<>
			<h1>{studio.done}</h1>
			<div className="result">
				<figure className="photo">
					<img
						src={`/files/${assetId}/view`}
						alt={render.prompt}
						width={1024}
						height={1024}
						loading="eager"
						decoding="async"
					/>
					<figcaption className="label-ai">{studio.tools.at(0)?.disclosure}</figcaption>
				</figure>
				<div className="facts-side">
					<p className="serif body">{render.prompt}</p>
					<dl className="pairs">
						<div>
							<dt>Cost</dt>
							<dd>{render.credits.charged} credits</dd>
						</div>
						<div>
							<dt>Kept</dt>
							<dd>until you delete it</dd>
						</div>
					</dl>
					<div className="row">
						<LeavingLink
							href={`/files/${assetId}/download`}
							name={`picture-${assetId.slice(-6)}`}
							order={{ renderId: render.id, kind: 'picture' }}
							look="main"
						>
							Picture
						</LeavingLink>
						<ConfirmForm
							fields={{ assetId }}
							label="Delete picture"
							pendingLabel="Deleting…"
							icon={<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />}
							question="Delete this picture?"
							consequence="It is out of reach at once, and a receipt is signed. Nobody can bring it back, and neither can we."
						/>
					</div>
				</div>
			</div>
		</>
	);
}

const NOT_MADE_TITLES: Readonly<Record<string, string>> = {
	cancelled: 'Cancelled. You were not charged.',
	expired: 'It took too long. You were not charged.',
};

function NotMade({ render }: { render: Render }) {
	return (
		<div className="ask">
			<h1 className="vh">Picture</h1>
			<Notice
				kind="failed"
				title={NOT_MADE_TITLES[render.state] ?? 'The picture could not be made. You were not charged.'}
				actions={
					<ButtonLink to="/pictures" look="line">
						Try other words
					</ButtonLink>
				}
			>
				{render.error?.message} The credits that were held are back.
			</Notice>
			<p className="serif body">{render.prompt}</p>
		</div>
	);
}

function Gone({ receiptId, prompt }: { receiptId: string | undefined; prompt: string }) {
	return (
		<div className="failure gap">
			<div className="hole" aria-hidden="true" />
			<h1>This picture is gone</h1>
			<p className="soft">You deleted it. The words are still here: {prompt}</p>
			<div className="row">
				{receiptId !== undefined && (
					<ButtonLink to={`/receipts/${receiptId}`} look="line">
						Receipt
					</ButtonLink>
				)}
				<ButtonLink to="/pictures" look="quiet">
					Your pictures
				</ButtonLink>
			</div>
		</div>
	);
}
