/**
 * Asks before the face models are loaded where the browser says that data is dear: they are the largest thing any page loads, and
 * each page works without them. Kept in memory alone: the next visit asks again, and the browser then has the files.
 */

/** The worker's script, the models and the WebAssembly that runs them, as they travel, in bytes; `test/app/smile-lab` adds them up. */
export const LAB_BYTES = 2_400_000;

export type LabPermission = 'not_asked' | 'asking' | 'given';

export interface DataSaver {
	/** Resolves at once unless data is dear; else once somebody has said yes. */
	readonly permitted: () => Promise<void>;
	readonly allow: () => void;
	readonly state: () => LabPermission;
	readonly subscribe: (listener: () => void) => () => void;
}

export function createDataSaver(isDear: () => boolean): DataSaver {
	const listeners = new Set<() => void>();
	const waiting: (() => void)[] = [];
	let state: LabPermission = 'not_asked';
	const become = (next: LabPermission) => {
		state = next;
		for (const listener of listeners) listener();
	};
	return {
		permitted: () => {
			if (state === 'given' || !isDear()) return Promise.resolve();
			return new Promise((resolve) => {
				waiting.push(resolve);
				if (state === 'not_asked') become('asking');
			});
		},
		allow: () => {
			become('given');
			for (const resolve of waiting.splice(0)) resolve();
		},
		state: () => state,
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** `navigator.connection.saveData`, which a data saver sets and not every browser has, or the media feature for the same wish. */
export function isDataDear(device: object, matches: (query: string) => boolean): boolean {
	const connection = 'connection' in device ? device.connection : null;
	const saves = typeof connection === 'object' && connection !== null && 'saveData' in connection;
	return (saves && connection.saveData === true) || matches('(prefers-reduced-data: reduce)');
}

/** The page's own. */
export const dataSaver = createDataSaver(() => isDataDear(navigator, (query) => matchMedia(query).matches));
