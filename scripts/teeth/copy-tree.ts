import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { fromRoot, ROOT } from '../root';

const run = promisify(execFile);
const LIST_BYTES_MAX = 16 * 1024 * 1024;

export interface Copy {
	readonly root: string;
	remove: () => void;
}

/** The sources as they are now, what git does not know yet too, in a directory of their own beside the same node_modules. */
export async function copyTree(): Promise<Copy> {
	const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
	const { stdout } = await run('git', args, { cwd: ROOT, maxBuffer: LIST_BYTES_MAX });
	const root = await mkdtemp(join(tmpdir(), 'afterglow-teeth-'));
	for (const file of new Set(stdout.split('\0'))) {
		if (file === '') continue;
		const target = join(root, file);
		await mkdir(dirname(target), { recursive: true });
		await cp(fromRoot(file), target).catch(unlessGone);
	}
	await symlink(fromRoot('node_modules'), join(root, 'node_modules'), 'junction');
	const remove = () => rmSync(root, { recursive: true, force: true, maxRetries: 5 });
	// However this program ends, its copy does not outlive it.
	process.once('exit', remove);
	return { root, remove };
}

/** A file that git lists may have been deleted. */
function unlessGone(error: unknown): void {
	if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
