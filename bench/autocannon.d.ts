/** The part of autocannon that the benchmarks use; the package brings no types, and its result is parsed. */
declare module 'autocannon' {
	export default function autocannon(options: {
		url: string;
		method: 'GET' | 'POST';
		headers: Readonly<Record<string, string>>;
		body?: string;
		/** Replaces `[<id>]` in the request's text, another one each time. */
		idReplacement: boolean;
		connections: number;
		/** Seconds. */
		duration: number;
		/** Threads that send. */
		workers: number;
	}): Promise<unknown>;
}
