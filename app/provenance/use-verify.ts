import { useCallback, useRef, useState } from 'react';

import { verifyFile, type Finding } from './verify-file';

export type VerifyState =
	| { readonly at: 'rest' }
	| { readonly at: 'reading'; readonly name: string; readonly perCent: number }
	| { readonly at: 'found'; readonly name: string; readonly finding: Finding };

const BROKEN: Finding = {
	about: 'refused',
	title: 'The file could not be read',
	sentence: 'It was moved or changed meanwhile, or this browser ran out of memory. Choose it again.',
};

/** Reads one file after another; a file that is chosen while another is read takes its place. */
export function useVerify() {
	const [state, setState] = useState<VerifyState>({ at: 'rest' });
	const turn = useRef(0);
	const verify = useCallback(async (file: File) => {
		turn.current += 1;
		const mine = turn.current;
		const show = (next: VerifyState) => {
			if (turn.current === mine) setState(next);
		};
		const { name } = file;
		show({ at: 'reading', name, perCent: 0 });
		const finding = await verifyFile(file, (share) =>
			show({ at: 'reading', name, perCent: Math.round(100 * share) }),
		).catch((error: unknown) => {
			console.warn('A file could not be read.', error);
			return BROKEN;
		});
		show({ at: 'found', name, finding });
	}, []);
	return { state, verify };
}
