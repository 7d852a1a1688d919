/** `npm run ops -- <command>`: what operators do, over the API of a running edge. */
import type { Command } from './ops/command';
import { announce } from './ops/commands/announce';
import { audit } from './ops/commands/audit';
import { disclosure } from './ops/commands/disclosure';
import { grant } from './ops/commands/grant';
import { hold, holds, releaseHold } from './ops/commands/holds';
import { incident } from './ops/commands/incident';
import { ledger } from './ops/commands/ledger';
import { look } from './ops/commands/look';
import { prepareStripe } from './ops/commands/prepare-stripe';
import { reconcile } from './ops/commands/reconcile';
import { refund } from './ops/commands/refund';
import { rights } from './ops/commands/rights';
import { suppressions } from './ops/commands/suppressions';
import { ticket } from './ops/commands/ticket';
import { tickets } from './ops/commands/tickets';
import { replayErasures, rotateVault, sealEarlier } from './ops/commands/vault';
import { NotDone, STATUS, WrongUse, type Status } from './ops/outcome';
import { COMMON_HELP } from './ops/read-command';
import { findTarget } from './ops/target';

const COMMANDS: readonly Command[] = [
	grant,
	refund,
	ledger,
	audit,
	reconcile,
	prepareStripe,
	hold,
	releaseHold,
	holds,
	tickets,
	ticket,
	incident,
	look,
	disclosure,
	rotateVault,
	sealEarlier,
	replayErasures,
	rights,
	announce,
	suppressions,
];

const WIDTH = Math.max(...COMMANDS.map(({ name }) => name.length));
const HELP = `What operators do with a studio's payments, conversations, incidents and data. Each command is safe to repeat, and leaves an entry in a record.

  npm run ops -- COMMAND …            npm run ops --silent -- COMMAND … --json, for programs

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(WIDTH)}   ${summary}`).join('\n')}

  npm run ops -- COMMAND --help       its flags, with examples

For every command:
${COMMON_HELP}

It ends with 0 when all is well, 1 when something was found, 2 when it was called wrongly, 3 when it could not be done.
`;

async function main([name, ...args]: readonly string[]): Promise<Status> {
	if (name === undefined || isHelp(name)) {
		process.stdout.write(HELP);
		return name === undefined ? STATUS.wrongUse : STATUS.fine;
	}
	const command = COMMANDS.find((each) => each.name === name);
	if (command === undefined) {
		const names = COMMANDS.map((each) => each.name).join(', ');
		throw new WrongUse(`There is no command "${name}". There are ${names}.`);
	}
	if (args.some(isHelp)) {
		process.stdout.write(command.help);
		return STATUS.fine;
	}
	const { json, origin, studio, run } = command.read(args);
	const answered = await run(await findTarget({ origin, studio }, process.env));
	process.stdout.write(json ? `${JSON.stringify(answered.json)}\n` : answered.text);
	return answered.status;
}

function isHelp(word: string | undefined): boolean {
	return word === '--help' || word === '-h';
}

/** A sentence for what was foreseen; for a bug the whole error, which is for whoever mends it. */
function statusOf(error: unknown): Status {
	if (error instanceof WrongUse) {
		process.stderr.write(`${error.message}\nnpm run ops -- --help says what there is.\n`);
		return STATUS.wrongUse;
	}
	if (error instanceof NotDone) process.stderr.write(`${error.message}\n`);
	else console.error(error);
	return STATUS.notDone;
}

process.exitCode = await main(process.argv.slice(2)).catch(statusOf);
