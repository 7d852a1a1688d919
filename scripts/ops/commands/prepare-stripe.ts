import { parseArgs } from 'node:util';

import { z } from 'zod';

import type { Command } from '../command';
import { ask } from '../operations-client';
import { STATUS } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason } from '../read-command';

const Prepared = z.object({ made: z.array(z.string()) });

export const prepareStripe: Command = {
	name: 'prepare-stripe',
	summary: 'make at Stripe what this deployment sells',
	help: `Make a product and a price for every pack and plan of the studio at Stripe, and the settings of its customer portal. What
is there already is left as it is, so it is safe to repeat; run it once before the first sale, and after prices change.

  npm run ops -- prepare-stripe --reason "…"

  --reason "…"     why; required
${COMMON_HELP}
`,
	read(args) {
		const { values } = readArguments([], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: { ...COMMON_OPTIONS, reason: { type: 'string' } },
			}),
		);
		const { json, origin, studio } = values;
		const common = { json, origin, studio };
		const body = { reason: requireReason(values.reason) };
		return {
			...common,
			async run(target) {
				const answer = await ask(target, Prepared, { method: 'POST', path: '/prepare-stripe', body });
				const made = answer.made.map((name) => `  ${name}\n`).join('');
				const text = answer.made.length === 0 ? 'Everything was there; nothing was made\n' : `Made\n${made}`;
				return { status: STATUS.fine, text, json: answer };
			},
		};
	},
};
