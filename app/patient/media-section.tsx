import { Compare } from '../components/compare';
import { Time } from '../components/time';
import { Video } from '../components/video';
import type { Signed } from './answers';
import { isFilm, kindWords } from './link-words';

const PORTRAIT = { width: 720, height: 1280 };
const FIRST_FRAME = '#t=0.01';

/** Everything that there is, as large as the page, each with its label inside it. */
export function MediaSection({ signed }: { signed: Signed }) {
	const { photos, media, isPaused } = signed;
	const [before] = photos;
	return (
		<section>
			<h2>What there is</h2>
			{photos.length + media.length === 0 && <p className="soft">Nothing yet. The photo has not been taken.</p>}
			{isPaused && photos.length + media.length > 0 && (
				<p className="soft">It is kept and not shown, because somebody asked for that. You can still end it.</p>
			)}
			{media.map((item) => (
				<Made key={`${item.kind} ${item.createdAt}`} item={item} before={photos.length === 1 ? before : undefined} />
			))}
			{photos.map((photo) => (
				<figure key={photo.createdAt}>
					{photo.url !== null && <img className="photo" src={photo.url} alt="You, before" {...sizeOf(photo)} />}
					<figcaption>
						<b>Your photo.</b> Deleted by itself at <Time at={photo.deleteAt} />.
					</figcaption>
				</figure>
			))}
		</section>
	);
}

function Made({ item, before }: { item: Signed['media'][number]; before: Signed['photos'][number] | undefined }) {
	const { kind, url, createdAt } = item;
	const label = item.label ?? '';
	return (
		<div className="made">
			{url !== null && <Shown item={item} url={url} label={label} before={before?.url ?? null} />}
			<p>
				<b>{kindWords(kind)}.</b> Made at <Time at={createdAt} />. It stays until it is deleted, or you revoke.
			</p>
		</div>
	);
}

interface ShownProps {
	readonly item: Signed['media'][number];
	readonly url: string;
	readonly label: string;
	/** The photo that it was made from, while that is here. */
	readonly before: string | null;
}

function Shown({ item, url, label, before }: ShownProps) {
	const size = sizeOf(item);
	if (isFilm(item.kind)) {
		return <Video src={`${url}${FIRST_FRAME}`} {...size} label={label} title="Video of your smile" />;
	}
	if (item.kind === 'after' && before !== null) {
		return (
			<Compare
				before={{ src: before, alt: 'Photo before' }}
				after={{ src: url, alt: 'Picture after' }}
				{...size}
				label={label}
				isFirst
			/>
		);
	}
	return (
		<figure className="film">
			<img className="photo" src={url} alt={kindWords(item.kind)} {...size} />
			{label !== '' && <figcaption className="label-ai">{label}</figcaption>}
		</figure>
	);
}

function sizeOf({ width, height }: { width: number | null; height: number | null }) {
	return { width: width ?? PORTRAIT.width, height: height ?? PORTRAIT.height };
}
