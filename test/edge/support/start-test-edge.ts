import { startEmulators, type Emulators } from '../../../emulators/start-emulators';
import { keepFilms } from '../../../emulators/video/encode-wipe';
import { startEdge, type Edge } from '../../../scripts/edge/start-edge';
import { ApiClient } from '../../../scripts/start/api-client';
import { readCode } from '../../../scripts/start/read-code';
import type { StudioSlug } from '../../../studios/studio';

export interface TestEdge {
	readonly edge: Edge;
	readonly emulators: Emulators;
	/** What any Worker printed as an error so far; a test that expects none asserts it empty. */
	readonly errors: readonly string[];
	/** Everything that any Worker printed so far. */
	readonly lines: readonly string[];
	/** A fresh practice, signed up and signed in, with the welcome credits. */
	signUp(name?: string): Promise<ApiClient>;
	/** The same, with what its owner signs in with. */
	openPractice(name?: string): Promise<{ client: ApiClient; account: { email: string; password: string } }>;
	close(): Promise<void>;
}

let practices = 0;

/** One edge with emulators in this process and nothing kept: for one test file. Crons fire by `edge.runCron` alone. */
export async function startTestEdge(
	options: {
		studio?: StudioSlug;
		hostname?: 'localhost';
		trackers?: boolean;
		faults?: Parameters<typeof startEmulators>[0];
	} = {},
): Promise<TestEdge> {
	keepFilms();
	const errors: string[] = [];
	const lines: string[] = [];
	const emulators = await startEmulators(options.faults ?? {});
	const edge = await startEdge({
		studio: options.studio ?? 'dental',
		stateDir: null,
		emulators: emulators.origin,
		isBuilt: true,
		trackers: options.trackers ?? false,
		...(options.hostname === undefined ? {} : { hostname: options.hostname }),
		log: ({ level, message }) => {
			lines.push(message);
			if (level === 'error') errors.push(message);
		},
	});
	const openPractice: TestEdge['openPractice'] = async (name = 'Test practice') => {
		practices += 1;
		const client = new ApiClient(edge.appOrigin);
		const account = { email: `practice-${practices}@practice.example`, password: 'a long enough password' };
		await client.signUp({ ...account, name }, (address) => readCode(edge, address));
		return { client, account };
	};
	return {
		edge,
		emulators,
		errors,
		lines,
		openPractice,
		signUp: async (name) => (await openPractice(name)).client,
		async close() {
			await edge.close();
			await emulators.close();
		},
	};
}
