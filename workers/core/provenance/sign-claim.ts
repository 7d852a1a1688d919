import type { AssetKind } from '../../../studios/studio';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { requireWithinLimits } from '../limits/require-within-limits';
import { checkClaim, type PresentedClaim } from './check-claim';
import { coseSign1, coseSize } from './cose-sign1';
import { importCredentialSigner, type CredentialSecrets, type ProvenanceDeps } from './provenance-keys';
import { readFileFacts, type FileFacts } from './read-file-facts';

type SignDeps = Pick<AccessDeps, 'db' | 'now' | 'studio' | 'vault' | 'lookupKey'> &
	Pick<ProvenanceDeps, 'credentialSecrets'>;

interface FileOfOrder {
	actor: Actor;
	renderId: string;
	kind: AssetKind;
}

export interface CredentialFacts extends FileFacts {
	/** How many bytes a signature takes in the file; null: none is given here, and the file leaves without a mark. */
	signatureBytes: number | null;
}

/** What a mark in this file has to say, before it is written. Refuses as `readFileFacts` does. */
export async function readCredentialFacts(deps: SignDeps, file: FileOfOrder): Promise<CredentialFacts> {
	const { facts } = await readFileFacts(deps, file);
	const { credentialSecrets } = deps;
	const signatureBytes =
		credentialSecrets === null ? null : coseSize((await importCredentialSigner(credentialSecrets)).chain);
	return { ...facts, signatureBytes };
}

/**
 * Signs a claim about a file that the browser keeps (C2PA §13): answers the COSE_Sign1 of exactly the size that was announced. The key
 * stays here. Refuses as `readFileFacts` and `checkClaim` do, over the account's rate, and (`upstream_unavailable`) where no key is
 * set. Stores nothing.
 */
export async function signClaim(
	deps: SignDeps,
	{ presented, ...file }: FileOfOrder & { presented: PresentedClaim },
): Promise<Uint8Array<ArrayBuffer>> {
	const secrets = requireSecrets(deps.credentialSecrets);
	const { facts } = await readFileFacts(deps, file);
	await checkClaim(presented, { facts, nowMs: deps.now().getTime() });
	await requireWithinLimits(deps, [{ what: 'provenance', by: 'account', value: file.actor.accountId }]);
	return coseSign1(await importCredentialSigner(secrets), presented.claim);
}

function requireSecrets(secrets: CredentialSecrets | null): CredentialSecrets {
	if (secrets !== null) return secrets;
	throw new AppError(
		'upstream_unavailable',
		'No content credentials are signed here: no certificate is set. The file leaves with its statement alone.',
	);
}
