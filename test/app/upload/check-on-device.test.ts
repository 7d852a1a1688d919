import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createLab, LabError, type Lab, type LabAnswer, type LabRequest } from '../../../app/smile-lab/lab';
import { checkOnDevice } from '../../../app/upload/check-on-device';
import type { PhotoCheck } from '../../../smile/check-photo';

const PHOTO = new Blob(['photo'], { type: 'image/jpeg' });
const BITMAP = { width: 1, height: 1, close: () => undefined } as ImageBitmap;
const GOOD: PhotoCheck = { verdict: 'good', findings: [] };
const decode = () => Promise.resolve(BITMAP);

/** A lab over a worker that gives this answer, or none. */
function labThat(answer: ((id: number) => LabAnswer) | null): Lab {
	let listen: ((event: { readonly data: LabAnswer }) => void) | undefined;
	return createLab({
		postMessage: ({ id }: LabRequest) => {
			if (answer !== null) queueMicrotask(() => listen?.({ data: answer(id) }));
		},
		addEventListener: (type: string, listener: NonNullable<typeof listen>) => {
			if (type === 'message') listen = listener;
		},
		terminate: () => undefined,
	});
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the verdict of the worker is what is known', async () => {
	const lab = labThat((id) => ({ id, ok: true, result: GOOD }));
	expect(await checkOnDevice(() => lab, PHOTO, decode)).toEqual({ at: 'checked', check: GOOD });
	expect(vi.getTimerCount()).toBe(0);
});

test.each([
	['the models do not load', () => labThat((id) => ({ id, ok: false, failure: 'models' })), decode],
	['the work breaks', () => labThat((id) => ({ id, ok: false, failure: 'failed' })), decode],
	[
		'there are no workers',
		() => {
			throw new ReferenceError('Worker is not defined');
		},
		decode,
	],
	['the picture is not decoded', () => labThat(null), () => Promise.reject(new LabError('failed'))],
] as const)('a photo stays unchecked, and may be sent, where %s', async (_why, lab, decodeIt) => {
	expect(await checkOnDevice(lab, PHOTO, decodeIt)).toEqual({ at: 'unchecked' });
});

test('a worker that never answers holds nobody up for ever', async () => {
	const lab = labThat(null);
	const state = checkOnDevice(() => lab, PHOTO, decode);
	await vi.advanceTimersByTimeAsync(20_000);
	expect(await state).toEqual({ at: 'unchecked' });
});
