import { expect, test } from 'vitest';

import { inLanes } from '../../scripts/checks/lanes';

/** Work that ends when it is told to, and says what began. */
function givenWork(count: number) {
	const begun: number[] = [];
	const ends: (() => void)[] = [];
	const work = Array.from({ length: count }, (_, at) => () => {
		begun.push(at);
		return new Promise<string>((resolve) => {
			ends[at] = () => resolve(`result ${at}`);
		});
	});
	return { begun, work, end: (at: number) => ends[at]?.() };
}

test('no more begins than there are lanes, and what ends makes room for the next', async () => {
	const { begun, work, end } = givenWork(4);
	const all = inLanes(2, work);
	await expect.poll(() => begun).toEqual([0, 1]);
	end(1);
	await expect.poll(() => begun).toEqual([0, 1, 2]);
	end(2);
	await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
	end(3);
	end(0);
	expect(await all).toEqual(['result 0', 'result 1', 'result 2', 'result 3']);
});

test('more lanes than work are as good as one for each', async () => {
	expect(await inLanes(8, [() => Promise.resolve('a'), () => Promise.resolve('b')])).toEqual(['a', 'b']);
	expect(await inLanes(2, [])).toEqual([]);
});

test('work that throws is not swallowed', async () => {
	await expect(inLanes(1, [() => Promise.reject(new Error('broken'))])).rejects.toThrow('broken');
});
