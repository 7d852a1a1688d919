import { useCallback, useEffect, useRef } from 'react';

import { dataSaver } from './data-saver';
import { createLab, type Lab } from './lab';
import { permittedLab } from './permitted-lab';

/**
 * The way to the worker: the first task starts it, asked about before where data is dear; leaving the page ends it, and with it every picture and landmark it
 * holds. Called in events and effects only, for the server has no workers.
 */
export function useLab(): () => Lab {
	const lab = useRef<Lab | null>(null);
	useEffect(
		() => () => {
			lab.current?.close();
			lab.current = null;
		},
		[],
	);
	return useCallback(() => {
		lab.current ??= permittedLab(
			() => createLab(new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module' })),
			dataSaver.permitted,
		);
		return lab.current;
	}, []);
}
