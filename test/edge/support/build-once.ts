import { buildBundles } from '../../../scripts/edge/bundles';

/** The bundles are built before the first file, so that no test's time holds a build. */
export async function setup(): Promise<void> {
	await buildBundles();
}
