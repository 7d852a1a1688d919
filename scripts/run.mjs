/**
 * The door of every `npm run`: plain JavaScript and Node's own modules, because it runs before anything is installed and
 * on any Node from 20 on. It finds a Node that is new enough, installs what the lock file names, and hands over.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE_MAJOR = 22;
const NODE_MINOR = 12;
const IS_WINDOWS = process.platform === 'win32';
/** When the user asked, before any install: what a command took is counted from here. */
const STARTED_MS = process.env.AFTERGLOW_STARTED_MS ?? String(Date.now());
const NODE_NEEDED = `Node ${NODE_MAJOR}.${NODE_MINOR} or newer is needed, and this is ${process.version}`;

/** The studio that was asked for, as far as an argument says it. */
function askedStudio() {
	const at = process.argv.indexOf('--studio');
	const joined = process.argv.find((argument) => argument.startsWith('--studio='))?.slice('--studio='.length);
	const asked = joined ?? (at === -1 ? undefined : process.argv[at + 1]);
	return ['dental', 'media', 'image'].includes(asked) ? asked : 'dental';
}

/** `npm start -- --once` promises one JSON object as its last line, whatever went wrong. */
function fail(sentence) {
	process.stderr.write(`${sentence}\n`);
	if (process.argv.includes('--once')) {
		const nothing = { renderId: null, state: null, video: null, after: null, credits: null };
		const source = { deleted: false, receiptPath: null };
		const elapsedSeconds = Math.round((Date.now() - Number(STARTED_MS)) / 100) / 10;
		const outcome = { ok: false, studio: askedStudio(), ...nothing, source, elapsedSeconds, error: sentence };
		process.stdout.write(`${JSON.stringify(outcome)}\n`);
	}
	process.exit(1);
}

/** Runs a child in our place: signals are its to handle (a terminal sends Ctrl-C to both), its status becomes ours. */
function becomes(file, args) {
	const child = spawn(file, args, { cwd: ROOT, stdio: 'inherit' });
	process.on('SIGINT', () => undefined);
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	child.once('error', (error) => fail(error.message));
	child.once('exit', (code) => process.exit(code ?? 1));
}

function isNewEnough() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	return major > NODE_MAJOR || (major === NODE_MAJOR && minor >= NODE_MINOR);
}

function nodeFromNpx(options) {
	const args = [...options, '--yes', '--package', 'node@24', '--', 'node', '--print', 'process.execPath'];
	const found = spawnSync('npx', args, { shell: IS_WINDOWS, encoding: 'utf8' });
	const path = found.stdout?.trim().split('\n').at(-1) ?? '';
	return found.status === 0 && existsSync(path) ? path : undefined;
}

/**
 * The program to run TypeScript and wrangler with: this Node, or a newer one out of npm's cache. npx only says where that
 * one lies; started directly, it gets our arguments and signals unchanged on every platform.
 */
function findNode() {
	if (isNewEnough()) return process.execPath;
	// npm's cache first: only the very first start asks the registry, and later ones work without a network.
	const path = nodeFromNpx(['--offline']) ?? nodeFromNpx([]);
	if (path === undefined) {
		fail(`${NODE_NEEDED}; fetching one with npx did not work. Install it from https://nodejs.org and start again.`);
	}
	process.stderr.write(`Using a newer Node out of npm's cache, because ${NODE_NEEDED}\n`);
	return path;
}

function packagesOf(path) {
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

/**
 * Whether node_modules holds what the lock file names. npm writes its own list there at the end of an install, so an
 * interrupted one counts as none; packages for other platforms are absent by design.
 */
function isInstalled() {
	const wanted = packagesOf(join(ROOT, 'package-lock.json'));
	const present = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
	return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
		if (path === '') return true;
		if (present[path] === undefined) return optional === true || devOptional === true;
		return present[path].version === version;
	});
}

function installDependencies() {
	if (isInstalled()) return;
	const startedAt = Date.now();
	process.stderr.write(
		'Installing what package-lock.json names: about 700 packages, under a minute on most machines\n',
	);
	// npm's own lines go to stderr too: stdout belongs to the command, whose last line may be read by a program.
	const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
	const result = spawnSync('npm', args, { cwd: ROOT, stdio: ['ignore', 2, 2], shell: IS_WINDOWS });
	if (result.status !== 0) fail('The dependencies could not be installed; npm says why above. Nothing was started.');
	process.stderr.write(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
}

function runCommand() {
	const [command = '', ...args] = process.argv.slice(2);
	const script = join(ROOT, 'scripts', `${command}.ts`);
	if (!/^[a-z-]+$/.test(command) || !existsSync(script)) fail(`There is no command "${command}" in scripts/.`);
	const node = findNode();
	// Whatever asks for `node` by name (npm's install scripts, tools that start tools) finds this one too.
	process.env.PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
	process.env.AFTERGLOW_STARTED_MS = STARTED_MS;
	installDependencies();
	becomes(node, ['--import', 'tsx', script, ...args]);
}

runCommand();
