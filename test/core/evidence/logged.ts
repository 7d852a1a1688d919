import { afterEach, beforeEach, vi } from 'vitest';
import { z } from 'zod';

const lines: string[] = [];
const Line = z.looseObject({ event: z.string() });

beforeEach(() => {
	lines.length = 0;
	vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
});
afterEach(() => void vi.restoreAllMocks());

/** What was logged under this event since the last call, as it was written. */
export function takeLogged(event: string): z.infer<typeof Line>[] {
	const all = lines.splice(0).flatMap((line) => (line.startsWith('{') ? [Line.parse(JSON.parse(line))] : []));
	return all.filter((one) => one.event === event);
}
