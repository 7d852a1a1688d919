/** One line of the table that `npm run bench` prints. */
export interface BenchRow {
	what: string;
	/** With its unit. */
	measured: string;
	/** What design §10 asks for; a dash where it asks for nothing. */
	budget: string;
}

/** What a file `bench/*.bench.ts` exports as `measure`: it starts and stops whatever it needs. */
export type Measure = () => Promise<BenchRow[]>;
