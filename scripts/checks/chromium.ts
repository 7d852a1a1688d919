import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

import { toolPath } from '../run-tool';

const KNOWN_PATHS = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const NO_BROWSER =
	'The browser tests need Chromium, none was found and none could be installed. Install it, or say where it is with CHROMIUM_PATH.';

function installed(): string | undefined {
	return [process.env['CHROMIUM_PATH'] ?? '', ...KNOWN_PATHS, chromium.executablePath()].find(
		(path) => path !== '' && existsSync(path),
	);
}

function attempt(file: string, args: readonly string[]): void {
	process.stdout.write(`Installing Chromium: ${file} ${args.join(' ')}\n`);
	spawnSync(file, args, {
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	});
}

/** Debian's own package brings the libraries that a downloaded browser lacks there. */
function installWithApt(): void {
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	attempt('apt-get', ['update', '--quiet']);
	attempt('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', 'chromium']);
}

/** The path of a Chromium: `CHROMIUM_PATH`, an installed one, or one that is installed now. */
export async function findChromium(): Promise<string> {
	const found = installed();
	if (found !== undefined) return found;
	installWithApt();
	const fromApt = installed();
	if (fromApt !== undefined) return fromApt;
	attempt(process.execPath, [toolPath('playwright-core', 'playwright-core'), 'install', 'chromium']);
	const downloaded = installed();
	if (downloaded === undefined) throw new Error(NO_BROWSER);
	return downloaded;
}
