import { Button } from '../components/button';
import { Compare } from '../components/compare';
import { Field } from '../components/field';
import { Video } from '../components/video';
import type { OpenedShare, SharedPage } from './answers';

/** The page of a link: what it shows, a question for its passcode, or one plain sentence. */
export function SharedView({ page }: { page: SharedPage }) {
	switch (page.state) {
		case 'open':
			return <Shown share={page} />;
		case 'passcode':
			return <AskPasscode />;
		case 'wrong':
			return <AskPasscode error={page.sentence} />;
		case 'over':
			return <Sentence title="This is not shown any more">{page.sentence}</Sentence>;
		case 'unknown':
			return <Sentence title="Nothing is here">{page.sentence}</Sentence>;
		case 'silent':
			return <Sentence title="This cannot be shown now">{page.sentence}</Sentence>;
	}
}

type Open = Extract<OpenedShare, { state: 'open' }>;
type Item = Open['items'][number];

function Shown({ share: { accountName, items, before } }: { share: Open }) {
	return (
		<div className="wrap shared">
			<h1>{accountName}</h1>
			{items.map((item) => (
				<ShownItem key={item.url} item={item} before={before} />
			))}
		</div>
	);
}

const PORTRAIT = { width: 720, height: 1280 };
const FIRST_FRAME = '#t=0.01';

function ShownItem({ item, before }: { item: Item; before: Open['before'] }) {
	const { kind, url, label } = item;
	const size = { width: item.width ?? PORTRAIT.width, height: item.height ?? PORTRAIT.height };
	if (kind === 'video' || kind === 'reel') {
		const title = kind === 'reel' ? 'Reel of the smile' : 'Video of the smile';
		return (
			<Video src={`${url}${FIRST_FRAME}`} {...size} label={label ?? ''} title={title} hasSound={kind === 'reel'} />
		);
	}
	if (kind === 'after' && before !== null) {
		return (
			<Compare
				before={{ src: before.url, alt: 'Photo before' }}
				after={{ src: url, alt: label ?? 'Picture after' }}
				{...size}
				label={label ?? ''}
				isFirst
			/>
		);
	}
	return (
		<figure className="film">
			<img className="photo" src={url} alt={label ?? 'Picture'} {...size} />
			{label !== null && <figcaption className="label-ai">{label}</figcaption>}
		</figure>
	);
}

function AskPasscode({ error }: { error?: string }) {
	return (
		<div className="wrap shared">
			<h1>Type the passcode</h1>
			<form method="post">
				<Field label="Passcode" name="passcode" autoComplete="off" required maxLength={256} error={error} />
				<Button look="main" wide>
					Open
				</Button>
			</form>
		</div>
	);
}

function Sentence({ title, children }: { title: string; children: string }) {
	return (
		<div className="wrap shared">
			<h1>{title}</h1>
			<p className="soft">{children}</p>
		</div>
	);
}
