import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { ROOT, fromRoot } from '../../scripts/root';

/** Shapes that providers give their secrets; a long random string without a known shape is left to review. */
const SECRETS: readonly [string, RegExp][] = [
	['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
	['a Stripe key', /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}/],
	['a Stripe webhook secret', /\bwhsec_[A-Za-z0-9+/]{24,}/],
	['an OpenAI key', /\bsk-(?:proj-)?[A-Za-z0-9]{20,}/],
	['a fal key', /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:[0-9a-f]{32}\b/],
	['a Resend key', /\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{16,}/],
	['an AWS key', /\bAKIA[0-9A-Z]{16}\b/],
	['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}/],
];
const TEXT = /\.(?:[cm]?[jt]sx?|json|md|toml|ya?ml|sql|css|html|svg|txt)$/;

function trackedFiles(): string[] {
	const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
	return listed
		.toString('utf8')
		.split('\0')
		.filter((path) => TEXT.test(path));
}

test('no file of the repository holds what looks like a secret', () => {
	const found = trackedFiles().flatMap((path) => {
		const text = readFileSync(fromRoot(path), 'utf8');
		return SECRETS.filter(([, shape]) => shape.test(text)).map(([what]) => `${path}: ${what}`);
	});
	expect(found).toEqual([]);
});

test('.dev.vars and what the local edge remembers stay out of the repository', () => {
	const ignored = readFileSync(fromRoot('.gitignore'), 'utf8').split('\n');
	expect(ignored).toEqual(expect.arrayContaining(['.dev.vars', '.afterglow/', 'node_modules/']));
});
