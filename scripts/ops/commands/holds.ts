import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows, table } from '../aligned';
import type { Command } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments } from '../read-command';

const Hold = z.object({
	id: z.string(),
	kind: z.string(),
	targetId: z.string(),
	matter: z.string(),
	placedAt: z.string(),
});
const Holds = z.object({ items: z.array(Hold) });

function requireMatter(matter: string | undefined): string {
	const given = matter?.trim() ?? '';
	if (given !== '') return given;
	throw new WrongUse('Name the matter with --matter NUMBER: its own number, and no name of a person.');
}

/** One command of the two that take a target and a matter. */
function holdCommand(about: {
	name: string;
	summary: string;
	help: string;
	path: string;
	question: (targetId: string, matter: string) => string;
	done: string;
}): Command {
	const { name, summary, help, path, question, done } = about;
	return {
		name,
		summary,
		help,
		read(args) {
			const { values, positionals } = readArguments(['ID'], () =>
				parseArgs({
					args: [...args],
					allowPositionals: true,
					options: { ...COMMON_OPTIONS, matter: { type: 'string' }, yes: { type: 'boolean', default: false } },
				}),
			);
			const { json, origin, studio, yes } = values;
			const [targetId = ''] = positionals;
			const matter = requireMatter(values.matter);
			return {
				json,
				origin,
				studio,
				async run(target) {
					await confirm(`${question(targetId, matter)} at ${target.origin}`, { yes });
					const answer = await ask(target, Hold, { method: 'POST', path, body: { targetId, matter } });
					const text = `${done}\n${alignedRows([
						['hold', answer.id],
						[answer.kind, answer.targetId],
						['matter', answer.matter],
						['placed', answer.placedAt],
					])}`;
					return { status: STATUS.fine, text, json: answer };
				},
			};
		},
	};
}

export const hold = holdCommand({
	name: 'hold',
	summary: 'forbid to delete what is held of somebody',
	help: `Place a legal hold: neither the sweep nor an erasure deletes anything of a person, an account or a patient until it is released.
What is due is unreachable all the same. An erasure that is under way stops where it is and says so.

  npm run ops -- hold ID --matter NUMBER

  ID               usr_…, acc_… or sub_…
  --matter NUMBER  the matter's own number; never a person's name. Required
  --yes            without asking first
${COMMON_HELP}
`,
	path: '/holds',
	question: (targetId, matter) => `This forbids to delete anything of ${targetId}, for ${matter},`,
	done: 'Held',
});

export const releaseHold = holdCommand({
	name: 'release-hold',
	summary: 'end a legal hold',
	help: `Release a legal hold. What is due is deleted with the next sweep, and an erasure that waited goes on, unless another hold is left.

  npm run ops -- release-hold ID --matter NUMBER

  ID               usr_…, acc_… or sub_…
  --matter NUMBER  the matter it was placed for; required
  --yes            without asking first
${COMMON_HELP}
`,
	path: '/holds/release',
	question: (targetId, matter) => `This releases the hold on ${targetId}, for ${matter},`,
	done: 'Released',
});

export const holds: Command = {
	name: 'holds',
	summary: 'list the legal holds in force',
	help: `List the legal holds that are in force, the oldest first.

  npm run ops -- holds

${COMMON_HELP}
`,
	read(args) {
		const { values } = readArguments([], () =>
			parseArgs({ args: [...args], allowPositionals: true, options: { ...COMMON_OPTIONS } }),
		);
		const { json, origin, studio } = values;
		return {
			json,
			origin,
			studio,
			async run(target) {
				const answer = await ask(target, Holds, { method: 'GET', path: '/holds' });
				const rows = answer.items.map(({ placedAt, kind, targetId, matter }) => [placedAt, kind, targetId, matter]);
				const text = rows.length === 0 ? 'No hold is in force.\n' : table(['placed', 'what', 'id', 'matter'], rows);
				return { status: STATUS.fine, text, json: answer };
			},
		};
	},
};
