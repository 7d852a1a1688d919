import { expect, test } from 'vitest';

import { readReceipt, sealBytesOf } from '../../../app/receipts/read-receipt';
import { deletedWords, verbOf, whatHappened, whatWasFound } from '../../../app/receipts/receipt-words';
import { givenIssuedReceipt } from './given-receipt';

test('a receipt whose signature fits its text is shown as checked', async () => {
	const receipt = await readReceipt(await givenIssuedReceipt());
	expect(receipt.isSigned).toBe(true);
	expect(receipt.body.places.map(({ name }) => name)).toEqual(['Our store', 'fal.ai']);
	expect(receipt.sealBytes).toHaveLength(4);
});

test('one changed letter in the text makes it unchecked', async () => {
	const given = await givenIssuedReceipt();
	const receipt = await readReceipt({ ...given, body: given.body.replace('14:07:31Z', '14:07:32Z') });
	expect(receipt.isSigned).toBe(false);
});

test('a damaged signature and a damaged key are unchecked, not an error', async () => {
	const given = await givenIssuedReceipt();
	expect((await readReceipt({ ...given, signature: 'AAAA' })).isSigned).toBe(false);
	expect((await readReceipt({ ...given, publicKey: 'AAAA' })).isSigned).toBe(false);
});

test('two signatures draw two seals', async () => {
	const [one, two] = [await givenIssuedReceipt(), await givenIssuedReceipt()];
	expect(await sealBytesOf(one.signature)).not.toEqual(await sealBytesOf(two.signature));
});

test('what was deleted is counted in words', () => {
	const one = [{ what: 'patient photo', count: 1 }];
	const more = [...one, { what: 'after picture', count: 2 }];
	expect(`${deletedWords(one)} ${verbOf(one)}`).toBe('1 patient photo was');
	expect(`${deletedWords(more)} ${verbOf(more)}`).toBe('1 patient photo and 2 after pictures were');
	expect(deletedWords([{ what: 'pair of pictures', count: 2 }])).toBe('2 pairs of pictures');
});

test('a receipt of a whole says so, and never that nothing was found where something is kept', () => {
	const deleted = [
		{ what: 'photo', count: 3 },
		{ what: 'video', count: 1 },
		{ what: 'picture or video', count: 1200 },
	];
	expect(deletedWords(deleted)).toBe('3 photos, 1 video and 1,200 pictures or videos');
	expect(whatHappened({ kind: 'asset_deleted', deleted })).toBe(
		'3 photos, 1 video and 1,200 pictures or videos were deleted on',
	);
	expect(whatHappened({ kind: 'person_erased', deleted })).toBe('Everything we held about you was erased by');
	const place = { name: 'Stripe', checkedAt: '2026-11-22T14:07:33Z' };
	expect(whatWasFound({ places: [{ ...place, state: 'deleted' }] })).toMatch(/found nothing\.$/);
	for (const state of ['kept', 'scheduled'] as const) {
		expect(
			whatWasFound({
				places: [
					{ ...place, state: 'deleted' },
					{ ...place, state },
				],
			}),
		).toContain('named below');
	}
});
