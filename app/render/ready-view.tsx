import { Link } from '@remix-run/react';
import { Trash2 } from 'lucide-react';
import type { CSSProperties } from 'react';

import { ButtonLink } from '../components/button';
import { ConfirmForm } from '../components/confirm-form';
import { Video } from '../components/video';
import { LeavingLink } from '../provenance/leaving-link';
import { MayPublish } from '../share/may-publish';
import { RestrictPatient } from '../privacy/restrict-patient';
import { useShell, useStudio } from '../shell';
import { PutBackCompare } from '../smile/put-back';
import { changedWords } from '../smile/shade-choice';
import { sizeWords } from '../size-words';
import type { AssetAnswer, RenderView } from './answers';
import { GoneFrame } from './gone-frame';
import { PhotoFate } from './photo-fate';
import { PhotoLife } from './photo-life';
import { ProcessorKept } from './processor-kept';
import { RenderHeading } from './render-heading';
import { useFreshMedia } from './use-fresh-media';

/** What was made: before and after, the video, what may be done with it, and what becomes of the photo. */
export function ReadyView({ view }: { view: RenderView }) {
	const { render, assets } = view;
	const studio = useStudio();
	const after = assets.find(({ kind }) => kind === 'after');
	const video = assets.find(({ kind }) => kind === 'video');
	const fresh = useFreshMedia();
	const judged = video ?? after;
	const isAllGone = after === undefined && video === undefined;
	return (
		<>
			<RenderHeading
				render={render}
				title={
					isAllGone ? (assets.length === 0 ? 'This smile is deleted' : 'What you kept of this smile') : studio.done
				}
				action={
					video !== undefined && video.downloadUrl !== null && <DownloadLink renderId={render.id} asset={video} />
				}
			/>
			<div className="ready-cols">
				<div className="ready-main">
					<div className="pair" style={pairColumns(after, video)} onErrorCapture={fresh}>
						<Pair view={view} after={after} isAllGone={isAllGone} />
						<Film view={view} video={video} isAllGone={isAllGone} />
					</div>
					{after !== undefined && (
						<div className="row">
							{/* That page compiles WebAssembly, which the policy of this document forbids: it comes as its own. */}
							<ButtonLink to={`/smiles/${render.id}/reel`} reloadDocument>
								Make a reel
							</ButtonLink>
						</div>
					)}
					{!isAllGone && <Deletions after={after} video={video} subject={render.subjectReference} />}
					<Facts render={render} isAllGone={isAllGone} />
					<ErasePatient view={view} />
				</div>
				<aside className="render-side">
					<PhotoFate render={render} />
					{judged !== undefined && <MayPublish asset={judged} />}
					<PhotoLife render={render} />
					<ProcessorKept render={render} />
				</aside>
			</div>
		</>
	);
}

/** For all that was made of a patient, not this one thing. */
function ErasePatient({ view: { source } }: { view: RenderView }) {
	const { subjectId, subjectReference } = source ?? { subjectId: null, subjectReference: null };
	if (subjectId === null || subjectReference === null) return null;
	return (
		<>
			<p className="soft below">
				<Link className="tap" to={`/patients/${subjectId}/erase`}>
					Erase {subjectReference} with everything that was made
				</Link>
			</p>
			<RestrictPatient id={subjectId} reference={subjectReference} />
		</>
	);
}

/** Columns as wide as their pictures ask: both are then equally high, whatever the shape of the photo was. */
function pairColumns(after: AssetAnswer | undefined, video: AssetAnswer | undefined): PairColumns | undefined {
	if (after === undefined || video === undefined) return undefined;
	const columns = [after, video].map((asset) => {
		const { width, height } = sizeOf(asset);
		return `minmax(0, ${Math.round((1000 * width) / height)}fr)`;
	});
	return { '--pair-columns': columns.join(' ') };
}

type PairColumns = CSSProperties & Record<'--pair-columns', string>;

function sizeOf({ width, height }: AssetAnswer): { width: number; height: number } {
	return { width: width ?? PORTRAIT.width, height: height ?? PORTRAIT.height };
}

function DownloadLink({ renderId, asset }: { renderId: string; asset: AssetAnswer }) {
	return (
		// The lasting address: one on the media host would have ended while the page was looked at.
		<LeavingLink
			href={`/files/${asset.id}/download`}
			name={`video-${asset.id.slice(-6)}.mp4`}
			order={{ renderId, kind: 'video' }}
			look="main"
		>
			Download video
		</LeavingLink>
	);
}

interface PlaceProps {
	readonly view: RenderView;
	/** Nothing is left to look at: the frames shrink to a line each. */
	readonly isAllGone: boolean;
}

function Pair({ view, after, isAllGone }: PlaceProps & { after: AssetAnswer | undefined }) {
	const { render, source } = view;
	if (after === undefined) {
		return <GoneFrame title="The after picture is deleted" receiptId={receiptOf(view, 'after')} isSmall={isAllGone} />;
	}
	const name = render.subjectReference ?? 'the patient';
	const size = sizeOf(after);
	const alt = `AI visualisation of the smile of ${name}`;
	if (source?.url != null) {
		return (
			<PutBackCompare
				key={render.id}
				photo={{ url: source.url, alt: `Photo of ${name}` }}
				after={{ url: after.url, alt, ...size }}
				label={after.disclosure}
				input={render.input}
			/>
		);
	}
	return (
		<div className="stack">
			<figure className="film">
				<img className="photo" src={after.url} alt={alt} {...size} />
				<figcaption className="label-ai">{after.disclosure}</figcaption>
			</figure>
			<GoneFrame title="The photo is gone" receiptId={render.source?.receiptId} isSmall />
		</div>
	);
}

function Film({ view, video, isAllGone }: PlaceProps & { video: AssetAnswer | undefined }) {
	const { render } = view;
	if (video === undefined) {
		return <GoneFrame title="The video is deleted" receiptId={receiptOf(view, 'video')} isSmall={isAllGone} />;
	}
	const size = sizeOf(video);
	const facts = [
		`${size.width} × ${size.height}`,
		...(video.seconds === null ? [] : [`${Math.round(video.seconds)} seconds`]),
		sizeWords(video.byteLength),
	];
	return (
		<div>
			<Video
				// The film's own first frame stands until it plays: the photo has another shape, and the page would jump.
				src={`${video.url}${FIRST_FRAME}`}
				{...size}
				label={video.disclosure}
				title={`Smile video of ${render.subjectReference ?? 'the patient'}`}
			/>
			<p className="small muted film-facts">{facts.join(', ')}</p>
		</div>
	);
}

interface DeletionsProps {
	readonly after: AssetAnswer | undefined;
	readonly video: AssetAnswer | undefined;
	readonly subject: string | null;
}

function Deletions({ after, video, subject }: DeletionsProps) {
	const items = [
		{ asset: video, noun: 'video' },
		{ asset: after, noun: 'after picture' },
	];
	return (
		<div className="row">
			{items.map(
				({ asset, noun }) =>
					asset !== undefined && (
						<ConfirmForm
							key={asset.id}
							fields={{ intent: 'delete-asset', assetId: asset.id, noun }}
							icon={<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />}
							label={`Delete ${noun}`}
							pendingLabel="Deleting…"
							question={`Delete the ${noun} of ${subject ?? 'this patient'}?`}
							consequence={`The ${noun} goes at once. Nobody can bring it back, and neither can we. You get a signed receipt.`}
						/>
					),
			)}
		</div>
	);
}

function Facts({ render, isAllGone }: { render: RenderView['render']; isAllGone: boolean }) {
	const { session } = useShell();
	return (
		<div className="render-facts">
			{!isAllGone && (
				<div>
					<h2>What changed</h2>
					<p className="soft">{changedWords(render.input)}</p>
				</div>
			)}
			<div>
				<h2>What it cost</h2>
				<p className="soft">
					{render.credits.charged} credits.{session.signedIn && ` ${session.credits.available} are left.`}
				</p>
			</div>
		</div>
	);
}

function receiptOf(view: RenderView, kind: AssetAnswer['kind']): string | undefined {
	return view.render.assets.find((asset) => asset.kind === kind)?.receiptId;
}

const PORTRAIT = { width: 720, height: 1280 };
const FIRST_FRAME = '#t=0.01';
