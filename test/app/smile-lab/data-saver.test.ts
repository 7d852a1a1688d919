import { readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { createDataSaver, isDataDear, LAB_BYTES } from '../../../app/smile-lab/data-saver';
import { type Lab, LabError } from '../../../app/smile-lab/lab';
import { permittedLab } from '../../../app/smile-lab/permitted-lab';

function fakeLab() {
	const asked: string[] = [];
	let [opened, closed] = [0, 0];
	const lab: Lab = {
		ask: (task) => {
			asked.push(task);
			return Promise.reject(new LabError('models'));
		},
		close: () => void (closed += 1),
	};
	const open = () => {
		opened += 1;
		return lab;
	};
	return { open, asked, counts: () => ({ opened, closed }) };
}

test('where data is not dear nothing is asked, and the first task opens the lab, once', async () => {
	const saver = createDataSaver(() => false);
	const { open, asked, counts } = fakeLab();
	const lab = permittedLab(open, saver.permitted);
	expect(counts().opened).toBe(0);
	await expect(lab.ask('warm', null)).rejects.toMatchObject({ failure: 'models' });
	await expect(lab.ask('warm', null)).rejects.toMatchObject({ failure: 'models' });
	expect([counts().opened, asked.length, saver.state()]).toEqual([1, 2, 'not_asked']);
});

test('where data is dear nothing is loaded before somebody has said yes, and then all that waited goes on', async () => {
	const saver = createDataSaver(() => true);
	const heard: string[] = [];
	const stop = saver.subscribe(() => heard.push(saver.state()));
	const { open, asked, counts } = fakeLab();
	const lab = permittedLab(open, saver.permitted);
	const waiting = Promise.allSettled([lab.ask('warm', null), lab.ask('warm', null)]);
	await Promise.resolve();
	expect([counts().opened, asked, saver.state()]).toEqual([0, [], 'asking']);
	saver.allow();
	await waiting;
	expect([counts().opened, asked, heard]).toEqual([1, ['warm', 'warm'], ['asking', 'given']]);
	stop();
	await expect(lab.ask('warm', null)).rejects.toMatchObject({ failure: 'models' });
});

test('a page that was left before somebody said yes loads nothing afterwards', async () => {
	const saver = createDataSaver(() => true);
	const { open, counts } = fakeLab();
	const lab = permittedLab(open, saver.permitted);
	const waiting = lab.ask('warm', null);
	lab.close();
	saver.allow();
	await expect(waiting).rejects.toMatchObject({ failure: 'failed' });
	expect(counts()).toEqual({ opened: 0, closed: 0 });
});

test('data is dear by the browser’s own switch or by the media feature', () => {
	expect(isDataDear({ connection: { saveData: true } }, never)).toBe(true);
	expect(isDataDear({}, (query) => query === '(prefers-reduced-data: reduce)')).toBe(true);
	expect(isDataDear({ connection: { saveData: false } }, never)).toBe(false);
	expect(isDataDear({ connection: {} }, never)).toBe(false);
	expect(isDataDear({}, never)).toBe(false);
});

function never(): boolean {
	return false;
}

/** The worker's own script, gzipped: `test/e2e/budgets.test.ts` weighs what is really loaded. */
const WORKER_BYTES = 165_000;

test('the size that is named is what the files weigh', () => {
	const models = 'node_modules/@vladmandic/human/models';
	const weights = ['blazeface.bin', 'facemesh.bin'].map((name) => statSync(`${models}/${name}`).size);
	const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';
	const texts = [`${models}/blazeface.json`, `${models}/facemesh.json`, wasm].map(
		(path) => gzipSync(readFileSync(path)).length,
	);
	const sum = [...weights, ...texts].reduce((a, b) => a + b, WORKER_BYTES);
	expect(sum).toBeLessThanOrEqual(LAB_BYTES);
	expect(sum).toBeGreaterThan(LAB_BYTES * 0.9);
});
