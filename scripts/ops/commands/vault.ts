import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Command, Prepared } from '../command';
import { ask } from '../operations-client';
import { STATUS } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments } from '../read-command';
import type { Target } from '../target';

const Rotation = z.object({
	looked: z.number(),
	rewrapped: z.number(),
	unknown: z.number(),
	cursor: z.string().nullable(),
});
const Replay = z.object({ looked: z.number(), begun: z.number(), refused: z.number(), cursor: z.string().nullable() });
const Sealing = z.object({ sealed: z.number(), left: z.number() });

/** What the pages of one walk come to, by what is counted in each. */
async function walk<Page extends { cursor: string | null }>(
	next: (cursor: string | null) => Promise<Page>,
	add: (page: Page) => void,
): Promise<void> {
	let cursor: string | null = null;
	do {
		const page = await next(cursor);
		add(page);
		({ cursor } = page);
	} while (cursor !== null);
}

/** All over the vault until a round finds nothing to do: meanwhile a Worker that was not told yet may make a key with the old secret. */
async function rotate(target: Target) {
	const total = { keys: 0, rewrapped: 0, left: 0 };
	for (let rewrapped = -1; rewrapped !== 0;) {
		rewrapped = 0;
		Object.assign(total, { keys: 0, left: 0 });
		await walk(
			(cursor) => ask(target, Rotation, { method: 'POST', path: '/rotate-vault', body: { cursor } }),
			(page) => {
				rewrapped += page.rewrapped;
				total.rewrapped += page.rewrapped;
				total.keys += page.looked;
				total.left += page.unknown;
			},
		);
	}
	return total;
}

/** A command that takes nothing but the common flags. */
function plainCommand(about: { name: string; summary: string; help: string; run: Prepared['run'] }): Command {
	const { run, ...rest } = about;
	return {
		...rest,
		read(args) {
			const { values } = readArguments([], () =>
				parseArgs({ args: [...args], allowPositionals: true, options: { ...COMMON_OPTIONS } }),
			);
			const { json, origin, studio } = values;
			return { json, origin, studio, run };
		},
	};
}

export const rotateVault = plainCommand({
	name: 'rotate-vault',
	summary: 'wrap every data key with the newest VAULT_KEY',
	help: `Wrap every data key in the vault with VAULT_KEY, those that VAULT_KEY_BEFORE wrapped. Set both in api and jobs before: the value
that VAULT_KEY has now becomes VAULT_KEY_BEFORE, and a new one VAULT_KEY. Nothing that is sealed changes, and all of it can be read
throughout. It goes over all keys until a round finds nothing to do; broken off, run it again.

  npm run ops -- rotate-vault

${COMMON_HELP}

It ends with 1 when keys are left that neither secret opens. When none is left, delete VAULT_KEY_BEFORE.
`,
	async run(target) {
		const total = await rotate(target);
		const isDone = total.left === 0;
		const rows = alignedRows([
			['keys', String(total.keys)],
			['wrapped anew', String(total.rewrapped)],
			['left', String(total.left)],
		]);
		const text = `${isDone ? 'Every key is under the newest secret' : 'Some keys are under a secret that is not configured'}\n${rows}`;
		return { status: isDone ? STATUS.fine : STATUS.found, text, json: total };
	},
});

export const sealEarlier = plainCommand({
	name: 'seal-earlier',
	summary: 'seal rows of versions that sealed nothing',
	help: `Seal references, consents and orders that a version wrote which kept them as plain text. They are read all the same until
then, but a restore of the database would bring them back readable. Broken off, run it again.

  npm run ops -- seal-earlier

${COMMON_HELP}

It ends with 1 when rows are left: those of somebody who was erased, which \`replay-erasures\` takes away.
`,
	async run(target) {
		const total = { sealed: 0, left: 0 };
		for (let sealed = -1; sealed !== 0;) {
			const page = await ask(target, Sealing, { method: 'POST', path: '/seal-earlier' });
			({ sealed } = page);
			total.sealed += page.sealed;
			total.left = page.left;
		}
		const rows = alignedRows([
			['sealed', String(total.sealed)],
			['left', String(total.left)],
		]);
		const isDone = total.left === 0;
		const text = `${isDone ? 'Nothing lies unsealed' : 'Some rows lie unsealed'}\n${rows}`;
		return { status: isDone ? STATUS.fine : STATUS.found, text, json: total };
	},
});

export const replayErasures = plainCommand({
	name: 'replay-erasures',
	summary: 'erase again what a restore of the database brought back',
	help: `Find people, accounts and patients in the database that were erased before, and begin to erase them again. The sweep does it once
a day; run it right after a restore. Repeating it changes nothing for what is under way.

  npm run ops -- replay-erasures

${COMMON_HELP}

It ends with 1 when some cannot be erased again; \`erasure_replay_refused\` in the api's log says which and why.
`,
	async run(target) {
		const total = { looked: 0, begun: 0, refused: 0 };
		await walk(
			(cursor) => ask(target, Replay, { method: 'POST', path: '/replay-erasures', body: { cursor } }),
			(page) => {
				total.looked += page.looked;
				total.begun += page.begun;
				total.refused += page.refused;
			},
		);
		const rows = alignedRows([
			['looked at', String(total.looked)],
			['begun again', String(total.begun)],
			['refused', String(total.refused)],
		]);
		const text = `${total.begun === 0 ? 'Nothing erased came back' : 'Erased things came back, and are being erased again'}\n${rows}`;
		return { status: total.refused === 0 ? STATUS.fine : STATUS.found, text, json: total };
	},
});
