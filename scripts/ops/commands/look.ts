import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows, table } from '../aligned';
import type { Command } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason } from '../read-command';

const Access = z.object({ accessId: z.string(), expiresAt: z.string(), isNew: z.boolean() });
const Look = z.looseObject({
	accessId: z.string(),
	expiresAt: z.string(),
	looks: z.number(),
	render: z.looseObject({
		id: z.string(),
		tool: z.string(),
		state: z.string(),
		input: z.record(z.string(), z.unknown()),
		stages: z.array(z.looseObject({ title: z.string(), state: z.string(), tries: z.number() })),
		error: z.object({ code: z.string(), message: z.string() }).optional(),
	}),
	media: z.array(z.object({ kind: z.string(), url: z.string() })),
});

export const look: Command = {
	name: 'look',
	summary: 'look at one order for half an hour, for a reason; its owner is told at once',
	help: `Look at one order: its words and settings, how it went, and addresses of its pictures for minutes. Its owner is mailed
at once, and reads who and why in their record. A studio whose policy names no such purpose refuses.

  npm run ops -- look RENDER --reason "…"
  npm run ops -- look ACCESS

  RENDER           rnd_…: opens it for 30 minutes and shows it
  ACCESS           sta_…: shows it again while that lasts
  --reason "…"     why; required, and the owner reads it
  --yes            without asking first
${COMMON_HELP}
`,
	read(args) {
		const { values, positionals } = readArguments(['RENDER'], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: { ...COMMON_OPTIONS, reason: { type: 'string' }, yes: { type: 'boolean', default: false } },
			}),
		);
		const { json, origin, studio, yes } = values;
		const [id = ''] = positionals;
		const isAccess = id.startsWith('sta_');
		if (!isAccess && !id.startsWith('rnd_'))
			throw new WrongUse(`"${id}" is neither a render (rnd_…) nor an access (sta_…).`);
		const reason = isAccess ? null : requireReason(values.reason);
		return {
			json,
			origin,
			studio,
			async run(target) {
				let accessId = id;
				if (reason !== null) {
					await confirm(
						`This opens ${id} at ${target.origin} and mails its owner that you looked, because: ${reason}`,
						{ yes },
					);
					const body = { renderId: id, reason };
					({ accessId } = await ask(target, Access, { method: 'POST', path: '/staff-access', body }));
				}
				const path = `/staff-access/${encodeURIComponent(accessId)}`;
				const answer = await ask(target, Look, { method: 'GET', path });
				return { status: STATUS.fine, text: written(answer), json: answer };
			},
		};
	},
};

function written({ accessId, expiresAt, looks, render, media }: z.infer<typeof Look>): string {
	return [
		`${render.id}\n`,
		alignedRows([
			['access', accessId],
			['until', expiresAt],
			['looks', String(looks)],
			['tool', render.tool],
			['state', render.state],
			...(render.error === undefined ? [] : [['error', `${render.error.code}: ${render.error.message}`]]),
		]),
		'\nOrdered\n',
		alignedRows(Object.entries(render.input).map(([name, value]) => [name, JSON.stringify(value)])),
		'\nStages\n',
		table(
			['stage', 'state', 'tries'],
			render.stages.map(({ title, state, tries }) => [title, state, tries]),
		),
		media.length === 0 ? '' : `\nPictures, for minutes\n${alignedRows(media.map(({ kind, url }) => [kind, url]))}`,
	].join('');
}
