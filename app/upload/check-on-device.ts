import type { PhotoCheck } from '../../smile/check-photo';
import type { Lab } from '../smile-lab/lab';

/** What is known about a photo before it is sent. `unchecked`: nothing here could look at it, so it may be sent as it is. */
export type CheckState =
	| { readonly at: 'none' }
	| { readonly at: 'checking' }
	| { readonly at: 'checked'; readonly check: PhotoCheck }
	| { readonly at: 'unchecked' };

/** Whether the device has found that no smile can be made from the photo. */
export function isRefused(checked: CheckState): boolean {
	return checked.at === 'checked' && checked.check.verdict === 'refused';
}

/** Longer than the slowest phone needs; after that the photo can be sent unchecked. */
const CHECK_MS_MAX = 20_000;

/** Looks at a photo in the worker. A check is help and no gate: whatever breaks on the way leaves the photo unchecked. */
export async function checkOnDevice(
	lab: () => Pick<Lab, 'ask'>,
	photo: Blob,
	decode: (photo: Blob) => Promise<ImageBitmap> = (blob) => createImageBitmap(blob),
): Promise<CheckState> {
	try {
		const picture = await decode(photo);
		return { at: 'checked', check: await inTime(lab().ask('check', { picture }, [picture])) };
	} catch {
		return { at: 'unchecked' };
	}
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
	let clock: ReturnType<typeof setTimeout> | undefined;
	const tooLate = new Promise<never>((_, reject) => {
		clock = setTimeout(() => reject(new Error('The check took too long.')), CHECK_MS_MAX);
	});
	try {
		return await Promise.race([work, tooLate]);
	} finally {
		clearTimeout(clock);
	}
}
