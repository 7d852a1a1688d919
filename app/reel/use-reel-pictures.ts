import { useEffect, useState } from 'react';

import { loadReelFont } from './canvas-pen';
import { loadPicture } from './load-pictures';

/** Addresses on the media host, valid for minutes: asked at once, and never again. */
export interface PictureUrls {
	readonly before: string | null;
	readonly after: string;
	readonly logo: string | null;
}

export interface ReadyPictures {
	readonly before: ImageBitmap | null;
	readonly after: ImageBitmap;
	readonly logo: ImageBitmap | null;
}

export type LoadedPictures =
	| { readonly at: 'loading' }
	| { readonly at: 'failed' }
	| ({ readonly at: 'ready' } & ReadyPictures);

/** The decoded pictures and the font to write on them. All of it leaves memory with the page. */
export function useReelPictures({ before, after, logo }: PictureUrls): LoadedPictures {
	const [loaded, setLoaded] = useState<LoadedPictures>({ at: 'loading' });
	useEffect(() => {
		const road = new AbortController();
		const loading = loadAll({ before, after, logo }, road.signal);
		void (async () => {
			const now = await loading;
			if (!road.signal.aborted) setLoaded(now);
		})();
		return () => {
			road.abort();
			void (async () => close(await loading))();
		};
		// A page that is loaded again brings new addresses of the same pictures; those in memory are the same.
		// oxlint-disable-next-line react/exhaustive-deps
	}, []);
	return loaded;
}

async function loadAll({ before, after, logo }: PictureUrls, signal: AbortSignal): Promise<LoadedPictures> {
	const load = (url: string | null) => (url === null ? null : loadPicture(url, signal));
	const [first, second, mark] = await Promise.all([load(before), load(after), load(logo), loadReelFont()]);
	if (second === null || (before !== null && first === null)) {
		first?.close();
		second?.close();
		mark?.close();
		return { at: 'failed' };
	}
	return { at: 'ready', before: first, after: second, logo: mark };
}

function close(loaded: LoadedPictures): void {
	if (loaded.at !== 'ready') return;
	for (const bitmap of [loaded.before, loaded.after, loaded.logo]) bitmap?.close();
}
