import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, wherever a command is called from. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export function fromRoot(...parts: string[]): string {
	return join(ROOT, ...parts);
}
