/** `npm run db:generate -- --name what-changes`: the next migration, from what `schema/` says. Migrations are append-only. */
import { runTool } from './run-tool';

process.stdout.write(await runTool('drizzle-kit', 'drizzle-kit', ['generate', ...process.argv.slice(2)]));
