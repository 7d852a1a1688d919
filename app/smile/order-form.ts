import { z } from 'zod';

import { isShade, VALUE_ORDER, type Shade } from '../../smile/shades';
import type { Refusal } from '../api';
import { orderKeyOr } from '../order-key';

const shade = z.custom<Shade>((value) => typeof value === 'string' && isShade(value));

const shades = { orderKey: z.uuid(), from: shade, to: shade };

const Fields = z.discriminatedUnion('intent', [
	z.object({ intent: z.literal('quote'), ...shades }),
	// Nothing is ordered at a price that was not shown.
	z.object({ intent: z.literal('order'), ...shades, creditsMax: z.coerce.number().int().min(1) }),
]);
export type OrderForm = z.infer<typeof Fields>;

type Parsed =
	| { readonly ok: true; readonly order: OrderForm }
	| {
			readonly ok: false;
			readonly refusal: Refusal;
			/** What could be read, to fill the form again. */
			readonly kept: { orderKey: string; from: Shade | null; to: Shade | null };
	  };

/** The shade form as posted: two tabs of the guide, the second lighter, under the key the page was made with. */
export function orderFormOf(form: FormData): Parsed {
	const raw = Object.fromEntries(form);
	const fields = Fields.safeParse(raw);
	if (!fields.success) {
		const kept = {
			orderKey: orderKeyOr(raw['orderKey']),
			from: shade.safeParse(raw['from']).data ?? null,
			to: shade.safeParse(raw['to']).data ?? null,
		};
		return { ok: false, kept, refusal: refusal('Choose the shade today and the shade to show, then go on.') };
	}
	const { orderKey, from, to } = fields.data;
	if (VALUE_ORDER.indexOf(to) >= VALUE_ORDER.indexOf(from)) {
		const sentence = `Whitening goes lighter, and ${to} is not lighter than ${from}. Choose a lighter shade to show.`;
		return { ok: false, kept: { orderKey, from, to }, refusal: refusal(sentence) };
	}
	return { ok: true, order: fields.data };
}

function refusal(message: string): Refusal {
	return { code: 'invalid_input', message };
}
