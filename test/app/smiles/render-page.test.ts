import { expect, test } from 'vitest';

import { againPath } from '../../../app/render/ended-view';
import { liveRenderOf } from '../../../app/render/live-render';
import { secondsWords } from '../../../app/render/stage-seconds';
import { action, loader } from '../../../app/routes/smiles.$id';
import { get, givenApi, json, post, refusal, responseOf } from '../fake-api';
import { answered, givenRender, givenUpload } from './answers';

const PATH = '/smiles/rnd_1';
const params = { id: 'rnd_1' };

test('a render, its photo and its assets come in one call', async () => {
	const view = { render: givenRender(), source: givenUpload(), assets: [] };
	const { context, called } = givenApi({ 'GET /v1/renders/rnd_1/view': () => json(view) });
	expect(await loader({ request: get(PATH), context, params })).toEqual(view);
	expect(called).toHaveLength(1);
});

test('the smile of someone else is the page of what does not exist', async () => {
	const sentence = 'There is no such render, or it is not yours.';
	const { context } = givenApi({ 'GET /v1/renders/rnd_1/view': () => refusal(404, 'not_found', sentence) });
	const response = await responseOf(loader({ request: get(PATH), context, params }));
	expect(response.status).toBe(404);
	expect(await response.text()).toBe(sentence);
});

const cancel = () => post(PATH, { intent: 'cancel' });

test('cancelling says that the credits are back; too late it says why and changes nothing', async () => {
	const inTime = givenApi({
		'POST /v1/renders/rnd_1/cancel': () => json({ id: 'rnd_1', state: 'cancelled' }, 202),
	});
	const { data } = answered(await action({ request: cancel(), context: inTime.context, params }));
	expect(data).toMatchObject({ done: 'Cancelled. The credits are back.', refusal: null });

	const late = givenApi({ 'POST /v1/renders/rnd_1/cancel': () => refusal(409, 'conflict', 'It has ended already.') });
	const answer = answered(await action({ request: cancel(), context: late.context, params }));
	expect(answer).toMatchObject({ status: 409, data: { done: null, refusal: 'It has ended already.' } });
});

test('deleting the photo or a video answers with its receipt', async () => {
	const { context, called } = givenApi({
		'DELETE /v1/uploads/upl_1': () => json({ receiptId: 'rct_1' }, 202),
		'DELETE /v1/assets/ast_1': () => json({ receiptId: 'rct_2' }, 202),
	});
	const photo = post(PATH, { intent: 'delete-photo', uploadId: 'upl_1' });
	expect(answered(await action({ request: photo, context, params })).data).toMatchObject({ receiptId: 'rct_1' });
	const video = post(PATH, { intent: 'delete-asset', assetId: 'ast_1', noun: 'video' });
	expect(answered(await action({ request: video, context, params })).data).toMatchObject({
		done: 'Video deleted.',
		receiptId: 'rct_2',
	});
	expect(called).toHaveLength(2);
});

test('a button that is not known asks the api for nothing', async () => {
	const { context, called } = givenApi({});
	const request = post(PATH, { intent: 'delete-everything' });
	expect(answered(await action({ request, context, params })).status).toBe(400);
	expect(called).toEqual([]);
});

test('a new try keeps the photo and the shades', () => {
	expect(againPath(givenRender())).toBe('/smiles/new/shade?upload=upl_1&from=A3.5&to=A1');
	expect(againPath(givenRender({ source: null }))).toBe('/smiles/new');
});

test('an event is read when it is a render and passed over when it is not', () => {
	expect(liveRenderOf(JSON.stringify(givenRender()))).toMatchObject({ state: 'running', progress: 0.62 });
	for (const data of ['', '{', '{"state":"flying"}', 'null', 7]) expect(liveRenderOf(data)).toBeNull();
});

test('seconds are counted only where the two clocks agree', () => {
	const stage = { startedAt: '2026-11-21T14:05:00.000Z', expectedSeconds: 60 };
	const startMs = Date.parse(stage.startedAt);
	expect(secondsWords(stage, startMs + 41_900)).toBe('second 41 of about 60');
	expect(secondsWords(stage, startMs - 90_000_000)).toBe('about 60 s');
	expect(secondsWords(stage, startMs + 90_000_000)).toBe('about 60 s');
	expect(secondsWords(stage, null)).toBe('about 60 s');
	expect(secondsWords({ ...stage, startedAt: null }, startMs)).toBe('about 60 s');
});
