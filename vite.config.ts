import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [
		tailwindcss(),
		remix({
			future: {
				v3_fetcherPersist: true,
				v3_relativeSplatPath: true,
				v3_throwAbortReason: true,
				v3_lazyRouteDiscovery: true,
				v3_singleFetch: true,
			},
		}),
	],
	// The local edge writes its database beside the sources: without this every request would reload every page.
	server: { watch: { ignored: ['**/.wrangler/**', '**/.afterglow/**', '**/build/**'] } },
	// The Worker runs React's edge build, so the development server does too; Node's own lacks web streams.
	ssr: {
		resolve: { conditions: ['workerd', 'worker', 'browser'], externalConditions: ['workerd', 'worker'] },
	},
	resolve: { mainFields: ['browser', 'module', 'main'] },
	// The worker of the smile lab loads its rarely needed parts on demand, as the page does.
	worker: { format: 'es' },
	// Maps of the client would be public; the Workers' stack traces do not need them.
	build: { sourcemap: false },
});
