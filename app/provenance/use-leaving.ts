import { useCallback, useEffect, useRef, useState } from 'react';

import { saveFile } from '../reel/save-file';
import type { LeavingFile } from './leave';
import type { FileOrder } from './marks';

export interface Leaving {
	readonly blob: Blob;
	readonly name: string;
	/** Null: it belongs to no order, and nothing can be said of it. */
	readonly order: FileOrder | null;
}

export type LeavingState =
	| { readonly at: 'rest' }
	| { readonly at: 'working'; readonly name: string }
	| {
			readonly at: 'left';
			readonly name: string;
			readonly said: string;
			readonly statement: { readonly url: string; readonly name: string } | null;
			/** What can be downloaded once more with the credentials that saving data had spared. */
			readonly spared: Leaving | null;
	  };

/** Gives files what they say about themselves, saves them, and tells how the last one left. */
export function useLeaving() {
	const [state, setState] = useState<LeavingState>({ at: 'rest' });
	const address = useRef<string | null>(null);
	const forget = useCallback(() => {
		if (address.current !== null) URL.revokeObjectURL(address.current);
		address.current = null;
	}, []);
	useEffect(() => forget, [forget]);

	const leave = useCallback(
		async (leaving: Leaving, isWhole = false): Promise<void> => {
			const { blob, name, order } = leaving;
			if (order === null) {
				saveFile(blob, name);
				return;
			}
			setState({ at: 'working', name });
			const left = await leaveWith(blob, order, isWhole);
			saveFile(left.file, name);
			forget();
			const { statement } = left;
			address.current = statement === null ? null : URL.createObjectURL(statement);
			setState({
				at: 'left',
				name,
				said: left.said,
				statement: address.current === null ? null : { url: address.current, name: statementName(name) },
				spared: left.isSpared ? leaving : null,
			});
		},
		[forget],
	);
	const leaveWhole = useCallback((leaving: Leaving) => leave(leaving, true), [leave]);
	return { state, leave, leaveWhole };
}

/** Loaded with the first file that leaves. Where that fails, the file leaves as it is. */
async function leaveWith(file: Blob, order: FileOrder, isWhole: boolean): Promise<LeavingFile> {
	try {
		const { savesData, withCredentials } = await import('./leave');
		return await withCredentials(file, order, { isSpared: !isWhole && savesData() });
	} catch (error) {
		console.warn('A file left without saying what it is.', error);
		const said = 'It left without content credentials and without a statement: what writes them did not load.';
		return { file, statement: null, said, isSpared: false };
	}
}

/** `poster.png` → `poster.afterglow.json` */
function statementName(fileName: string): string {
	return `${fileName.replace(/\.\w+$/, '')}.afterglow.json`;
}
