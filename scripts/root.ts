import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, wherever a command is called from. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export function fromRoot(...parts: string[]): string {
	return join(ROOT, ...parts);
}

/**
 * Where a person's own files lie, `.dev.vars` and `.afterglow/`: in the repository, or in `AFTERGLOW_HOME` when a test must
 * neither find nor touch theirs.
 */
export function fromHome(...parts: string[]): string {
	return join(process.env['AFTERGLOW_HOME'] ?? ROOT, ...parts);
}
