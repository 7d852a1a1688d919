import { CLAIMS } from '../../../studios/policy/claims/all';
import { policyAt, type PolicyVersion } from '../../../studios/policy/policy';
import type { Studio } from '../../../studios/studio';
import { canonicalJson } from '../receipts/canonical-json';

/** Hashes belong to texts, not to requests, so an isolate may keep them. */
const known = new WeakMap<PolicyVersion, Promise<string>>();

/**
 * SHA-256, in hex, of everything that a version says: its data, its changes, and the sentence of each claim. Who read it, and what
 * proves a claim, are not part of it.
 */
export function textHashOf(studio: Pick<Studio, 'slug' | 'policy'>, version: PolicyVersion): Promise<string> {
	const before = known.get(version);
	if (before !== undefined) return before;
	const hash = hashText(studio, version);
	known.set(version, hash);
	return hash;
}

async function hashText({ slug, policy }: Pick<Studio, 'slug' | 'policy'>, of: PolicyVersion): Promise<string> {
	const { version, announced, effective, isMaterial, changes } = of;
	const { versions: _versions, original: _original, ...text } = policyAt(policy, version);
	const said = {
		studio: slug,
		version: { version, announced, effective, isMaterial, changes },
		text,
		claims: CLAIMS[slug].map(({ id, sentence }) => ({ id, sentence })),
	};
	const bytes = new TextEncoder().encode(canonicalJson(said));
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
