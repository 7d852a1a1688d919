/**
 * `npm run policy:lint`: whether what the studios promise agrees with the schema, the code, the configuration and the tests. Prints a
 * sentence for each thing that does not, and each text's hash for whoever has read it.
 */
import { lintPolicy } from './policy-lint/lint-policy';
import { readWorld } from './policy-lint/world';

const world = await readWorld();
const wrong = lintPolicy(world);
for (const line of wrong) process.stdout.write(`- ${line}\n`);
for (const [slug, { policy, claims, hash }] of Object.entries(world.studios)) {
	process.stdout.write(`${slug}  ${policy.versions.at(-1)?.version ?? ''}  ${claims.length} claims  ${hash}\n`);
}
process.stdout.write(wrong.length === 0 ? 'The policy agrees with the project.\n' : `${wrong.length} to put right.\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
