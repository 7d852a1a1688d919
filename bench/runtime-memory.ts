import { readFile, readdir } from 'node:fs/promises';

export const MEBIBYTE = 2 ** 20;
const SAMPLE_MS = 20;

/** Process ids of the runtimes that this program started; Linux alone tells. */
export async function runtimePids(): Promise<number[]> {
	const pids: number[] = [];
	for (const entry of await readdir('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
		const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/.exec(stat) ?? [];
		if (name.startsWith('workerd') && Number(parent) === process.pid) pids.push(Number(entry));
	}
	return pids;
}

export async function residentBytes(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** The largest memory while `work` runs. */
export async function peakDuring(pid: number, work: () => Promise<void>): Promise<number> {
	let peak = await residentBytes(pid);
	const sample = async () => {
		peak = Math.max(peak, await residentBytes(pid));
	};
	const timer = setInterval(() => void sample().catch(() => undefined), SAMPLE_MS);
	try {
		await work();
		await sample();
	} finally {
		clearInterval(timer);
	}
	return peak;
}
