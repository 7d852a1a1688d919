import { Download, Trash2 } from 'lucide-react';

import { ConfirmForm } from '../components/confirm-form';
import { Video } from '../components/video';
import { useMay } from '../may';
import type { AssetAnswer, RenderView } from '../render/answers';
import { useFreshMedia } from '../render/use-fresh-media';
import { KINDS } from '../share/share-words';
import { sizeWords } from '../size-words';
import type { KEPT_NOUNS } from './kept-nouns';

const NOUNS: Readonly<Partial<Record<AssetAnswer['kind'], (typeof KEPT_NOUNS)[number]>>> = {
	reel: 'reel',
	still: 'poster',
	pair: 'still pair',
};
const PORTRAIT = { width: 720, height: 1280 };
const FIRST_FRAME = '#t=0.01';

/** What a device made of a smile or a pair and somebody kept: each to play, to take away as the gate lets it, and to delete. */
export function KeptSection({ view }: { view: RenderView }) {
	const fresh = useFreshMedia();
	const kept = view.assets.filter(({ kind }) => NOUNS[kind] !== undefined);
	if (kept.length === 0) return null;
	return (
		<section className="part" aria-labelledby="kept">
			<h2 id="kept">Made on your devices</h2>
			<ul className="kept-list" onErrorCapture={fresh}>
				{kept.map((asset) => (
					<KeptItem key={asset.id} asset={asset} subject={view.render.subjectReference ?? 'this patient'} />
				))}
			</ul>
		</section>
	);
}

function KeptItem({ asset, subject }: { asset: AssetAnswer; subject: string }) {
	const mayDelete = useMay('assets:delete');
	const { id, kind, url, width, height, seconds, byteLength, downloadUrl, disclosure, publish } = asset;
	const noun = NOUNS[kind] ?? 'reel';
	const size = { width: width ?? PORTRAIT.width, height: height ?? PORTRAIT.height };
	const facts = [
		`${size.width} × ${size.height}`,
		...(seconds === null ? [] : [`${Number(seconds.toFixed(1))} seconds`]),
		sizeWords(byteLength),
	];
	const refused = publish.find(({ place, isAllowed }) => place === 'patient_copy' && !isAllowed);
	return (
		<li>
			{kind === 'reel' ? (
				<Video src={`${url}${FIRST_FRAME}`} {...size} label={disclosure} title={`Reel of ${subject}`} hasSound />
			) : (
				<figure className="film">
					<img className="photo" src={url} alt={`${KINDS[kind]} of ${subject}`} {...size} loading="lazy" />
					<figcaption className="label-ai">{disclosure}</figcaption>
				</figure>
			)}
			<p>
				<b>{KINDS[kind]}</b> <span className="small muted">{facts.join(', ')}</span>
			</p>
			{downloadUrl === null && refused !== undefined && <p className="small soft">{refused.rule}</p>}
			<div className="row">
				{downloadUrl !== null && (
					<a className="btn line" href={`/files/${id}/download`}>
						<Download size={18} strokeWidth={1.75} aria-hidden="true" />
						Download {noun}
					</a>
				)}
				{mayDelete && (
					<ConfirmForm
						fields={{ intent: 'delete-asset', assetId: id, noun }}
						icon={<Trash2 size={18} strokeWidth={1.75} aria-hidden="true" />}
						label={`Delete ${noun}`}
						pendingLabel="Deleting…"
						question={`Delete the ${noun} of ${subject}?`}
						consequence={`The ${noun} goes at once. Nobody can bring it back, and neither can we. You get a signed receipt.`}
					/>
				)}
			</div>
		</li>
	);
}
