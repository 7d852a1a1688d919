/** What a device exports as a reel: an MP4 that every phone plays, and that carries nothing beside its pictures and sound. */
import { AppError } from '../errors';
import { damaged } from './image-types';
import { boxesIn, childrenOf, oneOf, readMp4, type Box, type VideoFacts } from './mp4';
import { fourCc } from './read-bytes';

/** The longest reel takes 8 seconds; a minute is what places for reels show at most without cutting. */
export const FILM_SECONDS_MAX = 60;
/** The longer side of every format of a reel. */
export const FILM_SIDE_MAX_PX = 1920;
/** Of the sample description: version, flags and the number of entries. */
const STSD_HEAD_BYTES = 8;

/** ISO/IEC 14496-15 for H.264, 14496-14 for AAC. */
const CODECS: Readonly<Record<string, readonly string[]>> = { vide: ['avc1', 'avc3'], soun: ['mp4a'] };

/**
 * The facts of one whole film: one H.264 track, at most one of AAC, nothing else, within a minute and 1920 pixels a side. Tracks
 * and notes as cameras write them, with place and time, are refused.
 */
export function readFilm(bytes: Uint8Array): VideoFacts {
	const facts = readMp4(bytes);
	const movie = childrenOf(bytes, oneOf(boxesIn(bytes, 0, bytes.length), 'moov'));
	if (movie.some(({ type }) => type === 'udta' || type === 'meta'))
		throw refused('notes that a camera or a program wrote');
	const handlers = movie.filter(({ type }) => type === 'trak').map((track) => readTrack(bytes, track));
	for (const handler of ['vide', 'soun']) {
		if (handlers.filter((each) => each === handler).length > 1) throw refused('two tracks of the same kind');
	}
	if (facts.durationMs > FILM_SECONDS_MAX * 1000 || Math.max(facts.width, facts.height) > FILM_SIDE_MAX_PX) {
		throw new AppError(
			'payload_too_large',
			`A film that is kept has ${FILM_SECONDS_MAX} seconds and ${FILM_SIDE_MAX_PX} pixels a side at most. Export it shorter or smaller.`,
		);
	}
	return facts;
}

/** The handler of a track, whose entries are all of the codecs that it may have. */
function readTrack(bytes: Uint8Array, track: Box): string {
	const media = childrenOf(bytes, oneOf(childrenOf(bytes, track), 'mdia'));
	const handler = fourCc(bytes, oneOf(media, 'hdlr').start + 8);
	const codecs = CODECS[handler];
	if (codecs === undefined) throw refused('a track that is neither pictures nor sound');
	const table = childrenOf(bytes, oneOf(childrenOf(bytes, oneOf(media, 'minf')), 'stbl'));
	const { start, end } = oneOf(table, 'stsd');
	const entries = boxesIn(bytes, start + STSD_HEAD_BYTES, end);
	if (entries.length === 0) throw damaged('a track says nothing of its codec');
	if (!entries.every(({ type }) => codecs.includes(type))) throw refused('another codec than H.264 and AAC');
	return handler;
}

function refused(what: string): AppError {
	return new AppError(
		'unsupported_media_type',
		`This film has ${what}. What is kept is H.264 with AAC and nothing else. Export it from this page.`,
	);
}
