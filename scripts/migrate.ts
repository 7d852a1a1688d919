/** `npm run db:migrate:local`: the local database of a studio, brought up to date without starting anything else. */
import { startEdge } from './edge/start-edge';
import { lockState, stateDirOf } from './edge/state-lock';
import { readFlags } from './start/flags';

const flags = readFlags(process.argv.slice(2));
if (flags !== 'help') {
	const stateDir = stateDirOf(flags.studio);
	const lock = await lockState(stateDir);
	try {
		const edge = await startEdge({ studio: flags.studio, stateDir });
		await edge.close();
	} finally {
		await lock.free();
	}
	process.stdout.write(`The local database of ${flags.studio} is up to date\n`);
}
