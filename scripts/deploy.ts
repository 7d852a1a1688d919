/**
 * `npm run deploy`: builds, migrates the remote database, then deploys from the inside out, so that nothing new calls
 * something old. What the account has to hold first is in docs/operations.md.
 */
import { buildBundles } from './edge/bundles';
import { readWranglerConfig, DEPLOYABLES } from './edge/workers';
import { runTool } from './run-tool';

const NO_DATABASE = '00000000-0000-0000-0000-000000000000';

async function wrangler(title: string, args: readonly string[]): Promise<void> {
	process.stdout.write(`${title}\n`);
	process.stdout.write(await runTool('wrangler', 'wrangler', args));
}

for (const deployable of ['api', 'jobs'] as const) {
	const [database] = readWranglerConfig(deployable).d1_databases;
	if (database?.database_id === undefined || database.database_id === NO_DATABASE) {
		throw new Error(
			`${DEPLOYABLES[deployable].config} names no database yet. Create one with "wrangler d1 create" and write its id there.`,
		);
	}
}
await buildBundles();
await wrangler('Migrating', ['d1', 'migrations', 'apply', 'DB', '--remote', '--config', DEPLOYABLES.api.config]);
for (const deployable of ['media', 'jobs', 'api'] as const) {
	await wrangler(`Deploying ${deployable}`, ['deploy', '--config', DEPLOYABLES[deployable].config]);
}
await wrangler('Deploying the app', ['pages', 'deploy']);
