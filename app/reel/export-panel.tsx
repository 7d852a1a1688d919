import { FORMAT_IDS, FORMATS, type FormatId, type Reel } from '../../smile/reel/reel';
import { Button } from '../components/button';
import { Notice } from '../components/notice';
import { LeavingLink } from '../provenance/leaving-link';
import { Meter } from '../smile/meter';
import { sizeWords } from '../size-words';
import { filmBytesAtMost } from './film-size';
import { KeepIt } from './keep-it';
import { lengthWords, type Keep } from './settings';
import { useExport, type Film } from './use-export';
import type { ReelPictures } from './canvas-pen';

const NO_WEBCODECS =
	'It has no encoder that a page may use (WebCodecs). Open this page in a current Chrome, Edge or Safari. The poster, the still pair and the consult sheet can be made here.';

interface ExportPanelProps {
	readonly reel: Reel;
	readonly pictures: ReelPictures;
	readonly format: FormatId;
	readonly keep: Keep | null;
}

/** From the reel to its file: how large it will be, how far it is, how to stop it, and where it then is. */
export function ExportPanel({ reel, pictures, format, keep }: ExportPanelProps) {
	const { state, begin, cancel } = useExport(reel, pictures);
	if (typeof VideoEncoder === 'undefined') {
		return (
			<Notice kind="stop" title="This browser cannot make films">
				{NO_WEBCODECS}
			</Notice>
		);
	}
	const { width, height } = FORMATS[format];
	return (
		<section className="stack-2" aria-label="Export">
			<p className="soft">
				MP4, {width} × {height}, {lengthWords(reel)}
				{reel.music === null ? ', silent' : ', with music'}. At most about{' '}
				{sizeWords(filmBytesAtMost(reel, FORMATS[format]))}. It is made on this device and stays on it
				{keep === null ? '.' : ' unless you keep it.'}
			</p>
			{state.at === 'running' ? (
				<div className="stack-2">
					<Meter perCent={Math.round((100 * state.frames) / state.total)} label="Exporting the film" />
					<div className="row">
						<span className="small soft tabular">
							{state.format}, frame {state.frames} of {state.total}
						</span>
						<Button type="button" onClick={cancel}>
							Cancel export
						</Button>
					</div>
				</div>
			) : (
				<div className="row">
					<Button type="button" look="main" fill onClick={() => void begin([format])}>
						Export film
					</Button>
					<Button type="button" fill onClick={() => void begin(FORMAT_IDS)}>
						Export all 4 formats
					</Button>
				</div>
			)}
			<output className="small soft">
				{state.at === 'running' && 'Exporting'}
				{state.at === 'rest' && state.isCancelled && 'Cancelled. Nothing of the film is left.'}
				{state.at === 'done' && (state.films.length === 1 ? 'The film is ready.' : 'The films are ready.')}
			</output>
			{state.at === 'failed' && (
				<Notice kind="failed" title="The film could not be made" isAlert>
					{state.sentence}
				</Notice>
			)}
			{state.at === 'done' && state.films.map((film) => <FilmRow key={film.url} film={film} keep={keep} />)}
		</section>
	);
}

function FilmRow({ film: { format, url, bytes, blob }, keep }: { film: Film; keep: Keep | null }) {
	return (
		<div className="reel-film">
			<LeavingLink
				href={url}
				blob={blob}
				name={`reel-${format.replace(':', 'x')}.mp4`}
				order={keep === null ? null : { renderId: keep.renderId, kind: 'reel' }}
			>
				Download {format}
			</LeavingLink>
			<span className="small muted">{sizeWords(bytes)}, in this tab’s memory until it is closed</span>
			{keep !== null && <KeepIt blob={blob} kind="reel" keep={keep} about={format} />}
		</div>
	);
}
