import { expect, test } from 'vitest';

import { createLab, type LabAnswer, type LabPort, type LabRequest } from '../../../app/smile-lab/lab';

/** The page's end of a worker that answers when the test says so. */
function fakePort() {
	const asked: { request: LabRequest; transfer: Transferable[] }[] = [];
	const listeners = new Map<string, (event: { readonly data: LabAnswer }) => void>();
	const state = { isTerminated: false };
	const port: LabPort = {
		postMessage: (request, { transfer }) => void asked.push({ request, transfer }),
		addEventListener: (type: string, listener: (event: { readonly data: LabAnswer }) => void) =>
			void listeners.set(type, listener),
		terminate: () => {
			state.isTerminated = true;
		},
	};
	return {
		port,
		asked,
		state,
		answer: (data: LabAnswer) => listeners.get('message')?.({ data }),
		fail: (type: 'error' | 'messageerror') => listeners.get(type)?.({ data: { id: -1, ok: false, failure: 'failed' } }),
	};
}

const PICTURE = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

test('each answer goes to who asked, in whatever order they come', async () => {
	const { port, asked, answer } = fakePort();
	const lab = createLab(port);
	const [first, second] = [lab.ask('find', { picture: PICTURE }), lab.ask('warm', null)];
	expect(asked.map(({ request }) => request.task)).toEqual(['find', 'warm']);

	answer({ id: asked[1]!.request.id, ok: true, result: null });
	answer({ id: asked[0]!.request.id, ok: true, result: [[{ x: 1, y: 2, z: 3 }]] });

	expect(await second).toBeNull();
	expect(await first).toEqual([[{ x: 1, y: 2, z: 3 }]]);
});

test('what is handed over is named, and the rest is copied', async () => {
	const { port, asked, answer } = fakePort();
	const lab = createLab(port);
	const { buffer } = PICTURE.data;
	void lab.ask('find', { picture: PICTURE }, [buffer]);
	void lab.ask('find', { picture: PICTURE });
	expect(asked.map(({ transfer }) => transfer)).toEqual([[buffer], []]);
	for (const { request } of asked) answer({ id: request.id, ok: true, result: [] });
});

test('a refusal of the worker says what failed', async () => {
	const { port, asked, answer } = fakePort();
	const waiting = createLab(port).ask('warm', null);
	answer({ id: asked[0]!.request.id, ok: false, failure: 'models' });
	await expect(waiting).rejects.toMatchObject({ failure: 'models' });
});

test.each(['error', 'messageerror'] as const)(
	'an %s of the worker ends what waits, and what comes later is heard',
	async (type) => {
		const { port, asked, answer, fail } = fakePort();
		const lab = createLab(port);
		const waiting = lab.ask('warm', null);
		fail(type);
		await expect(waiting).rejects.toMatchObject({ failure: 'failed' });

		const next = lab.ask('warm', null);
		answer({ id: asked[1]!.request.id, ok: true, result: null });
		expect(await next).toBeNull();
	},
);

test('closing ends the worker and all that waits, and nothing is asked of it afterwards', async () => {
	const { port, asked, state } = fakePort();
	const lab = createLab(port);
	const waiting = lab.ask('warm', null);
	lab.close();
	expect(state.isTerminated).toBe(true);
	await expect(waiting).rejects.toMatchObject({ failure: 'failed' });
	await expect(lab.ask('warm', null)).rejects.toMatchObject({ failure: 'failed' });
	expect(asked).toHaveLength(1);
});
