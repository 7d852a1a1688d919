import { z } from 'zod';

import { isTreatmentId, treatmentOf } from '../../studios/treatments';
import type { Refusal } from '../api';
import { orderKeyOr } from '../order-key';
import { refusalOfWish, shadeIn, wishOf, type ShadeWish } from './shade-wish';

const Fields = z.discriminatedUnion('intent', [
	z.object({ intent: z.literal('quote'), orderKey: z.uuid() }),
	// Nothing is ordered at a price that was not shown.
	z.object({ intent: z.literal('order'), orderKey: z.uuid(), creditsMax: z.coerce.number().int().min(1) }),
]);
export type OrderForm = z.infer<typeof Fields> & { readonly wish: ShadeWish };

type Parsed =
	| { readonly ok: true; readonly order: OrderForm }
	| {
			readonly ok: false;
			readonly refusal: Refusal;
			/** What could be read, to fill the form again. */
			readonly kept: { readonly orderKey: string; readonly wish: ShadeWish };
	  };

/** The shade form as posted: a treatment with what it asks for, under the key the page was made with. */
export function orderFormOf(form: FormData): Parsed {
	const wish = wishOf(form);
	const kept = { orderKey: orderKeyOr(form.get('orderKey')), wish };
	const fields = Fields.safeParse({
		intent: form.get('intent'),
		orderKey: form.get('orderKey'),
		creditsMax: form.get('creditsMax') ?? undefined,
	});
	const treatment = form.get('treatment');
	const isKnown = treatment === null || isTreatmentId(treatment);
	const hasShades = shadeIn(form, 'from') !== null && shadeIn(form, 'to') !== null;
	if (!fields.success || !isKnown || (!hasShades && treatmentOf(wish.treatment).shades !== 'kept')) {
		return { ok: false, kept, refusal: refusal('Choose the shade today and the shade to show, then go on.') };
	}
	const sentence = refusalOfWish(wish);
	if (sentence !== null) return { ok: false, kept, refusal: refusal(sentence) };
	return { ok: true, order: { ...fields.data, wish } };
}

function refusal(message: string): Refusal {
	return { code: 'invalid_input', message };
}
