import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { startEmulators, type Emulators } from '../../emulators/start-emulators';
import { startEdge, type Edge } from '../../scripts/edge/start-edge';
import { givenOrder, givenPhoto, isOpen, readRender, waitForEnd } from './support/given-smile';
import { givenPractice } from './support/practice';
import { expectOrder, objectsOf, rowsOf } from './support/trace';
import { until } from './support/until';

let emulators: Emulators;
let stateDir: string;
beforeEach(async () => {
	emulators = await startEmulators();
	stateDir = await mkdtemp(join(tmpdir(), 'afterglow-crash-'));
});
afterEach(async () => {
	await emulators.close();
	await rm(stateDir, { recursive: true, force: true });
});

/** The edge on the same state; from the second start on at the same addresses, two minutes later. */
function start(before?: Edge): Promise<Edge> {
	const again =
		before === undefined
			? {}
			: {
					port: Number(new URL(before.appOrigin).port),
					mediaPort: Number(new URL(before.mediaOrigin).port),
					clockOffsetSeconds: before.clockOffsetSeconds() + 120,
				};
	return startEdge({ studio: 'dental', stateDir, emulators: emulators.origin, isBuilt: true, ...again });
}

/**
 * Where the edge stops: the moment is seen from outside, at the processor. A processor that was just asked may find the
 * photo's address dead, which it reports as a failure.
 */
const MOMENTS: [string, (fal: Emulators['fal']) => boolean][] = [
	['right after the order', () => true],
	['while the picture is drawn', (fal) => fal.requests()[0]?.state === 'IN_PROGRESS'],
	['while the video is made', (fal) => fal.requests()[1]?.state === 'IN_PROGRESS'],
];

test.each(MOMENTS)('a render that loses its edge %s ends once after the next start', async (_, isMoment) => {
	// Long enough to be seen in the moment however busy the machine is, and short again once the edge is gone.
	emulators.fal.set({ progressMs: 2000 });
	let edge = await start();
	try {
		const practice = await givenPractice(edge);
		const id = await givenOrder(practice, await givenPhoto(practice));
		await until('the moment comes', () => Promise.resolve(isMoment(emulators.fal) ? true : undefined));
		expect(isOpen(await readRender(practice, id))).toBe(true);
		await edge.close();
		emulators.fal.set({ progressMs: 0 });

		edge = await start(edge);
		practice.moveTo(edge);
		const running = edge;
		const render = await waitForEnd(practice, id, () => running.runCron());

		const isMade = render.state === 'succeeded';
		expect(['succeeded', 'failed']).toContain(render.state);
		expect(render.credits).toEqual({ held: 0, charged: isMade ? 24 : 0 });
		expect(await practice.credits()).toEqual({ available: isMade ? 36 : 60, held: 0 });
		expect(await rowsOf(edge, 'render_outcomes')).toMatchObject([{ render_id: id, state: render.state }]);
		await until('what is not shown is gone, here and at the processor', async () => {
			await running.runCron();
			const [open] = (await rowsOf(running, 'assets')).filter((row) => row['state'] === 'deleting');
			const isForgotten = emulators.fal.requests().every(({ payloadsDeleted }) => payloadsDeleted);
			return open === undefined && isForgotten ? true : undefined;
		});
		const shown = (await rowsOf(edge, 'assets')).filter((row) => row['state'] === 'ready');
		expect(new Set(shown.map((row) => row['kind']))).toEqual(new Set(isMade ? ['after', 'video'] : []));
		const kept = (await objectsOf(edge)).filter((key) => !key.startsWith('src/'));
		expect(new Set(kept)).toEqual(new Set(shown.map((row) => row['object_key'])));
		await expectOrder({ edge, errors: [] });
	} finally {
		await edge.close();
	}
});
