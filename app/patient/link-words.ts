import { POSTING_LIMITS, POSTING_PLACES, type Channel } from '../../studios/publish-rules';
import { countWords } from '../count-words';
import type { Signed } from './answers';

/** Each use in two or three words, as rows say it. */
export const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
	room: 'Shown to you in the room',
	download: 'Saved as a file, as your copy',
	share: 'A link to it',
	publish: 'Shown to everybody',
};

/** What stops when a use is taken away, with what there is of it. */
export function whatStops(channel: Channel, { practice, shares, posted }: Signed): string {
	switch (channel) {
		case 'room':
			return 'It is not shown in the room any more.';
		case 'download':
			return 'No more copies are saved. Those that were saved before stay where they are.';
		case 'share':
			return shares.open === 0
				? 'No link to it is made any more.'
				: `${counted(shares.open, 'link stops', 'links stop')} at once, and no other is made.`;
		case 'publish': {
			const copies = posted.filter(({ state }) => state !== 'removed').length;
			return copies === 0
				? 'It is not posted anywhere any more.'
				: `${practice} has ${POSTING_LIMITS.removalHours} hours to take down ${counted(copies, 'posted copy', 'posted copies')}.`;
		}
	}
}

/** "1 photo, 1 picture and 1 video": what a revocation deletes; '' when nothing is left. */
export function whatIsThere({ photos, media }: Pick<Signed, 'photos' | 'media'>): string {
	const films = media.filter(({ kind }) => isFilm(kind)).length;
	const counts = [
		[photos.length, 'photo', 'photos'],
		[media.length - films, 'picture', 'pictures'],
		[films, 'video', 'videos'],
	] as const;
	return listWords(counts.flatMap(([n, one, many]) => (n === 0 ? [] : [counted(n, one, many)])));
}

/** Whether it moves: a video, or a reel that was made of one. */
export function isFilm(kind: string): boolean {
	return kind === 'video' || kind === 'reel';
}

export function kindWords(kind: string): string {
	if (isFilm(kind)) return 'Video';
	return kind === 'after' ? 'After picture' : 'Picture';
}

export function placeWords(place: Signed['posted'][number]['place']): string {
	return POSTING_PLACES[place];
}

function listWords(items: readonly string[]): string {
	const last = items.at(-1) ?? '';
	return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** "1 link", "1,200 links". */
export function counted(count: number, one: string, many: string): string {
	return `${countWords(count)} ${count === 1 ? one : many}`;
}
