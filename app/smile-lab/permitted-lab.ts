import { type Lab, LabError } from './lab';

/** A lab that is opened with its first task, once that is permitted; what was asked before it was closed and not begun fails. */
export function permittedLab(open: () => Lab, permitted: () => Promise<void>): Lab {
	let lab: Lab | null = null;
	let isClosed = false;
	return {
		async ask(task, order, transfer) {
			await permitted();
			if (isClosed) throw new LabError('failed');
			lab ??= open();
			return lab.ask(task, order, transfer);
		},
		close() {
			isClosed = true;
			lab?.close();
		},
	};
}
