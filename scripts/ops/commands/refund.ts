import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Command, Prepared } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason, requireWhole } from '../read-command';
import type { Target } from '../target';

const OfPayment = z.object({
	kind: z.literal('payment'),
	accountId: z.string(),
	payment: z.string(),
	refund: z.string(),
	cents: z.number(),
	currency: z.string(),
});
const OfRender = z.object({
	kind: z.literal('render'),
	accountId: z.string(),
	render: z.string(),
	credits: z.number(),
});

export const refund: Command = {
	name: 'refund',
	summary: 'give a payment back, or the credits of a render',
	help: `Give money back at Stripe, and its credits with it; or the credits that a render was charged.

  npm run ops -- refund PAYMENT|RENDER --reason "…"

  PAYMENT          pi_… or in_…, as the ledger shows it
  RENDER           rnd_…
  --reason "…"     why; required
  --cents N        of a payment: so many cents, tax included; without it all that is left
  --key KEY        of a payment: the same refund under the same key is made once. Without it the amount is the key, so
                   that sending it again is safe; name one to refund the same amount a second time
  --yes            without asking first
${COMMON_HELP}

The money goes back at once as far as Stripe is concerned. The credits follow when Stripe tells of it, normally within a minute:
as many as the money is of the payment, the payment's own first, and what was spent already is owed.

  npm run ops -- refund pi_3QabcDEF --reason "Bought twice by mistake"
  npm run ops -- refund pi_3QabcDEF --cents 1900 --reason "Half of it was not used"
  npm run ops -- refund rnd_0h3k5m7p9r --reason "The video showed somebody else's teeth"
`,
	read(args) {
		const { values, positionals } = readArguments(['PAYMENT|RENDER'], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: {
					...COMMON_OPTIONS,
					reason: { type: 'string' },
					cents: { type: 'string' },
					key: { type: 'string' },
					yes: { type: 'boolean', default: false },
				},
			}),
		);
		const { json, origin, studio, yes } = values;
		const common = { json, origin, studio };
		const [what = ''] = positionals;
		const reason = requireReason(values.reason);
		const cents = values.cents === undefined ? null : requireWhole('--cents', values.cents);
		if (what.startsWith('rnd_')) {
			if (cents !== null || values.key !== undefined) {
				throw new WrongUse('A render gives back all of its credits, once: it takes neither --cents nor --key.');
			}
			return { ...common, run: returnRender({ render: what, reason, yes }) };
		}
		if (!/^(?:pi|in)_/.test(what))
			throw new WrongUse(`"${what}" is neither a payment (pi_…, in_…) nor a render (rnd_…).`);
		const key = values.key ?? (cents === null ? 'rest' : `cents-${cents}`);
		return { ...common, run: refundPayment({ payment: what, cents, reason, key, yes }) };
	},
};

interface PaymentRefund {
	payment: string;
	cents: number | null;
	reason: string;
	key: string;
	yes: boolean;
}

function refundPayment({ yes, ...body }: PaymentRefund): Prepared['run'] {
	return async (target: Target) => {
		const { payment, cents, reason } = body;
		const amount = cents === null ? 'all that is left' : `${cents} cents`;
		await confirm(`This refunds ${amount} of ${payment} at ${target.origin}, because: ${reason}`, { yes });
		const answer = await ask(target, OfPayment, {
			method: 'POST',
			path: '/refund',
			body: { kind: 'payment', ...body },
		});
		const money = `${(answer.cents / 100).toFixed(2)} ${answer.currency.toUpperCase()}`;
		const text = `Refunded; the credits follow within a minute\n${alignedRows([
			['account', answer.accountId],
			['payment', answer.payment],
			['refund', answer.refund],
			['money', money],
			['see', `npm run ops -- ledger ${answer.accountId}`],
		])}`;
		return { status: STATUS.fine, text, json: { ...answer, key: body.key } };
	};
}

function returnRender({ render, reason, yes }: { render: string; reason: string; yes: boolean }): Prepared['run'] {
	return async (target: Target) => {
		await confirm(`This gives back what ${render} was charged at ${target.origin}, because: ${reason}`, { yes });
		const answer = await ask(target, OfRender, {
			method: 'POST',
			path: '/refund',
			body: { kind: 'render', render, reason },
		});
		const text = `Given back\n${alignedRows([
			['account', answer.accountId],
			['render', answer.render],
			['credits', String(answer.credits)],
		])}`;
		return { status: STATUS.fine, text, json: answer };
	};
}
