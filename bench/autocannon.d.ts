/** The part of autocannon that the benchmarks use; the package brings no types. */
declare module 'autocannon' {
	interface LoadOptions {
		url: string;
		method?: 'GET' | 'POST';
		headers?: Record<string, string>;
		body?: string;
		connections: number;
		/** Seconds. */
		duration: number;
	}

	interface LoadResult {
		requests: { average: number; total: number };
		/** Milliseconds. */
		latency: { p50: number; p99: number };
		errors: number;
		non2xx: number;
	}

	export default function autocannon(options: LoadOptions): Promise<LoadResult>;
}
