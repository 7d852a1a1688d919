import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { ErasureAnswer, ErasureView } from '../../workers/api/contract/erasures';
import { givenPractice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { rowsOf } from './support/trace';
import { until } from './support/until';

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
});
afterAll(() => it.close());

test('an account deleted over the API is erased by the queue alone, and its number shows the receipt to anybody', async () => {
	const practice = await givenPractice(it.edge);
	const { erasureId, receiptId } = await practice.call(ErasureAnswer, 'DELETE', '/v1/account', { body: {} });
	let last: unknown;
	const view = await until('the receipt', async () => {
		const answer = await it.edge.api.fetch(`https://api/v1/erasures/${erasureId}`);
		const erasure = ErasureView.parse(await answer.json());
		last = { erasure, rows: await rowsOf(it.edge, 'erasures'), legs: await rowsOf(it.edge, 'erasure_legs') };
		return erasure.receipt === null ? undefined : erasure;
	}).catch((cause: unknown) => {
		throw new Error(JSON.stringify(last), { cause });
	});
	expect(view).toMatchObject({ state: 'certified', receiptId, accounts: [{ state: 'certified' }] });
	const people = z.array(z.object({ name: z.string() })).parse(await rowsOf(it.edge, 'users'));
	expect(people).toEqual([]);
	const accounts = z.array(z.object({ name: z.string() })).parse(await rowsOf(it.edge, 'accounts'));
	expect(accounts).toEqual([{ name: '' }]);
});
