/**
 * `npm run deploy`: builds, migrates the remote database, then deploys from the inside out, so that nothing new calls
 * something old. What the account has to hold first is in docs/operations.md.
 */
import { readClaimResults } from './checks/claim-results';
import { missingPolicy } from './deploy/missing-policy';
import { missingValues } from './deploy/missing-values';
import { buildBundles, definesOf } from './edge/bundles';
import { readWranglerConfig, DEPLOYABLES } from './edge/workers';
import { lintPolicy } from './policy-lint/lint-policy';
import { readWorld } from './policy-lint/world';
import { runTool } from './run-tool';

async function wrangler(title: string, args: readonly string[]): Promise<void> {
	process.stdout.write(`${title}\n`);
	process.stdout.write(await runTool('wrangler', 'wrangler', args));
}

const missing = missingValues({
	app: readWranglerConfig('app'),
	api: readWranglerConfig('api'),
	media: readWranglerConfig('media'),
	jobs: readWranglerConfig('jobs'),
});
missing.push(
	...missingPolicy(readWranglerConfig('api').vars, { results: readClaimResults(), nowMs: Date.now() }),
	...lintPolicy(await readWorld()),
);
if (missing.length > 0) {
	process.stderr.write(
		`Nothing was deployed, because it would not work:\n${missing.map((line) => `- ${line}\n`).join('')}`,
	);
	process.stderr.write('docs/operations.md goes through the values one by one.\n');
	process.exit(1);
}
await buildBundles();
await wrangler('Migrating', ['d1', 'migrations', 'apply', 'DB', '--remote', '--config', DEPLOYABLES.api.config]);
for (const deployable of ['media', 'jobs', 'api'] as const) {
	await wrangler(`Deploying ${deployable}`, [
		'deploy',
		...definesOf(deployable),
		'--config',
		DEPLOYABLES[deployable].config,
	]);
}
await wrangler('Deploying the app', ['pages', 'deploy']);
