import { createInterface } from 'node:readline/promises';

import { WrongUse } from './outcome';

/** Asks before something changes money. Without somebody at a terminal to ask, `--yes` has to have said so. */
export async function confirm(what: string, { yes }: { yes: boolean }): Promise<void> {
	if (yes) return;
	if (!process.stdin.isTTY) {
		throw new WrongUse(`Nothing was done. ${what}\nThere is nobody to ask here: say --yes if this is right.`);
	}
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	const answer = await lines.question(`${what}\nGo on? (yes/no) `);
	lines.close();
	if (!/^y(?:es)?$/i.test(answer.trim())) throw new WrongUse('Nothing was done.');
}
