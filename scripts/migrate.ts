/** `npm run db:migrate:local`: the local database of a studio, brought up to date without starting anything else. */
import { startEdge, stateDirOf } from './edge/start-edge';
import { readFlags } from './start/flags';

const flags = readFlags(process.argv.slice(2));
if (flags !== 'help') {
	const edge = await startEdge({ studio: flags.studio, stateDir: stateDirOf(flags.studio) });
	await edge.close();
	process.stdout.write(`The local database of ${flags.studio} is up to date\n`);
}
