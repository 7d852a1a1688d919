import { ConfigError } from '../errors';
import { fromBase64, importReceiptKey, type ReceiptKey } from '../receipts/receipt-key';

/** What signs for files, as the api Worker holds it: one key for statements beside a file, another for marks inside it. */
export interface ProvenanceDeps {
	/** Ed25519, base64 of PKCS #8 or of the seed. It is never the receipts' key: whoever takes this one cannot write a receipt. */
	statementKey: string;
	/** Public halves of those that signed until they were replaced, raw and in base64url. */
	statementKeysBefore: readonly string[];
	/** Null: files leave without content credentials. */
	credentialSecrets: CredentialSecrets | null;
}

export interface CredentialSecrets {
	/** PKCS #8 of an EC key on P-256, PEM or base64 of DER. */
	key: string;
	/** PEM, the signer's own first, then whoever issued it; without the root. */
	certificates: string;
}

export interface CredentialSigner {
	privateKey: CryptoKey;
	/** DER. */
	chain: readonly Uint8Array<ArrayBuffer>[];
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE-----/g;
const CHAIN_MAX = 5;

export function importStatementKey({ statementKey }: Pick<ProvenanceDeps, 'statementKey'>): Promise<ReceiptKey> {
	return importReceiptKey(statementKey, 'STATEMENT_SIGNING_KEY');
}

/** Both secrets as what signs. Refuses one that cannot be read; whether they belong together is seen by whoever checks a file. */
export async function importCredentialSigner({ key, certificates }: CredentialSecrets): Promise<CredentialSigner> {
	const chain = [...certificates.matchAll(CERTIFICATE)].map(([, body]) => fromBase64((body ?? '').replace(/\s/g, '')));
	if (chain.length === 0 || chain.length > CHAIN_MAX) {
		throw new ConfigError(`PROVENANCE_CERTIFICATES needs to be 1 to ${CHAIN_MAX} certificates in PEM`);
	}
	const bytes = fromBase64(key.replace(/-----[A-Z ]+-----|\s/g, ''));
	try {
		return { chain, privateKey: await crypto.subtle.importKey('pkcs8', bytes, ES256, false, ['sign']) };
	} catch (cause) {
		throw new ConfigError('PROVENANCE_KEY needs to be a PKCS #8 key on P-256', { cause });
	}
}
