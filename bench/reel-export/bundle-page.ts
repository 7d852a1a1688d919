import { build } from 'vite';

/** A module and all that it imports as one classic script, whose exports are on `globalThis[name]`: to be run in a page. */
export async function bundlePage(entry: string, name: string): Promise<string> {
	const built = await build({
		configFile: false,
		logLevel: 'silent',
		build: {
			write: false,
			lib: { entry, formats: ['iife'], name },
			rollupOptions: { output: { inlineDynamicImports: true } },
		},
	});
	const [bundle] = Array.isArray(built) ? built : [built];
	const chunk = bundle !== undefined && 'output' in bundle ? bundle.output[0] : undefined;
	if (chunk === undefined) throw new Error(`${entry} could not be bundled.`);
	return chunk.code;
}
