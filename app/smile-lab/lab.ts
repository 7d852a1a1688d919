/**
 * What a page may ask of the worker in which pictures are computed, and how. Nothing of it leaves the device: pictures go
 * into the worker, what it makes of them comes back into memory.
 */
import type { PhotoCheck } from '../../smile/check-photo';
import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import type { TeethCut } from '../../smile/picture-box';
import type {
	AlignedPair,
	FoundTeeth,
	PairRefused,
	Proof,
	PutBack,
	PutBackOrder,
	Refused,
	ShadeOrder,
} from './smile-work';

/** An upright picture. A bitmap is closed by the worker once it is read. */
export type LabPicture = ImageBitmap | Picture;

/** Each kind of work with what it takes and gives. Another kind is a line here and a function in `lab-worker.ts`. */
export interface LabTasks {
	/** Loads the face models, so that the next task starts at once. */
	readonly warm: { readonly order: null; readonly result: null };
	/** Every face of the picture, the surest first. */
	readonly find: { readonly order: { readonly picture: LabPicture }; readonly result: readonly Face[] };
	/** What the picture is worth, and what to fix. */
	readonly check: { readonly order: { readonly picture: LabPicture }; readonly result: PhotoCheck };
	/** The teeth of the one patient, cut out: found once for a photo. */
	readonly cutTeeth: { readonly order: { readonly picture: LabPicture }; readonly result: FoundTeeth | Refused };
	/** The cut in another shade, for each change of a slider. Needs no models. */
	readonly recolour: { readonly order: ShadeOrder; readonly result: Picture };
	/** Counts over the whole photo what the recoloured cut changes. */
	readonly prove: {
		readonly order: {
			readonly picture: LabPicture;
			readonly cut: TeethCut;
			readonly after: Picture;
			readonly colour: readonly [number, number, number];
		};
		readonly result: Proof;
	};
	/** The generated mouth in the photo, and what speaks against it. */
	readonly putBack: {
		readonly order: PutBackOrder & { readonly photo: LabPicture; readonly generated: LabPicture };
		readonly result: PutBack | Refused;
	};
	/** A real after brought to its before. */
	readonly alignPair: {
		readonly order: { readonly before: LabPicture; readonly after: LabPicture };
		readonly result: AlignedPair | PairRefused;
	};
}

export type LabTask = keyof LabTasks;

/** What goes to the worker. `id` comes back with the answer: several tasks may wait at once. */
export interface LabRequest<Task extends LabTask = LabTask> {
	readonly id: number;
	readonly task: Task;
	readonly order: LabTasks[Task]['order'];
}

/** `models`: the face models could not be loaded or started. `failed`: the work itself broke. */
export type LabFailure = 'models' | 'failed';

export type LabAnswer<Task extends LabTask = LabTask> =
	| { readonly id: number; readonly ok: true; readonly result: LabTasks[Task]['result'] }
	| { readonly id: number; readonly ok: false; readonly failure: LabFailure };

/** Why there is no answer; what to show instead is for the page to say. */
export class LabError extends Error {
	constructor(
		readonly failure: LabFailure,
		options?: ErrorOptions,
	) {
		super(`The work on this device ended early: ${failure}.`, options);
	}
}

export interface Lab {
	/**
	 * Rejects with a `LabError`. What stands in `transfer`, bitmaps and buffers of the order, is handed over without a
	 * copy and is gone for the page.
	 */
	ask<Task extends LabTask>(
		task: Task,
		order: LabTasks[Task]['order'],
		transfer?: readonly Transferable[],
	): Promise<LabTasks[Task]['result']>;
	/** Ends the worker; what still waits rejects. */
	close(): void;
}

/** The part of a `Worker` that a lab needs; the tests bring their own. */
export interface LabPort {
	postMessage(request: LabRequest, options: { transfer: Transferable[] }): void;
	addEventListener(type: 'message', listener: (event: { readonly data: LabAnswer }) => void): void;
	addEventListener(type: 'error' | 'messageerror', listener: () => void): void;
	terminate(): void;
}

interface Waiting {
	readonly resolve: (result: LabTasks[LabTask]['result']) => void;
	readonly reject: (error: LabError) => void;
}

/** A lab over one worker. */
export function createLab(port: LabPort): Lab {
	const waiting = new Map<number, Waiting>();
	let [asked, isClosed] = [0, false];
	const failAll = () => {
		for (const { reject } of waiting.values()) reject(new LabError('failed'));
		waiting.clear();
	};
	port.addEventListener('message', ({ data }) => {
		const one = waiting.get(data.id);
		waiting.delete(data.id);
		if (data.ok) one?.resolve(data.result);
		else one?.reject(new LabError(data.failure));
	});
	// A script that could not be loaded says so here, and answers nothing.
	port.addEventListener('error', failAll);
	port.addEventListener('messageerror', failAll);
	return {
		async ask<Task extends LabTask>(
			task: Task,
			order: LabTasks[Task]['order'],
			transfer: readonly Transferable[] = [],
		) {
			if (isClosed) throw new LabError('failed');
			return new Promise((resolve, reject) => {
				const id = asked++;
				// The worker answers a task with its own result: `LabWork` in lab-worker.ts ties the two.
				waiting.set(id, { resolve, reject });
				port.postMessage({ id, task, order }, { transfer: [...transfer] });
			});
		},
		close() {
			isClosed = true;
			port.terminate();
			failAll();
		},
	};
}
