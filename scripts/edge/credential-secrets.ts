import * as x509 from '@peculiar/x509';

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const YEARS_MS = 2 * 365 * DAY_MS;
/** What a signer of content credentials is for (C2PA 2.2 §14.5): signing documents (RFC 9336), or protecting mail. */
const PURPOSES = ['1.3.6.1.5.5.7.3.36', '1.3.6.1.5.5.7.3.4'];

/**
 * PROVENANCE_KEY and PROVENANCE_CERTIFICATES for a machine of one's own: a key on P-256, and a certificate from an authority that is made
 * for it and then forgotten. Nobody trusts that authority, and whoever checks a file is told so.
 */
export async function generateCredentialSecrets(): Promise<{
	PROVENANCE_KEY: string;
	PROVENANCE_CERTIFICATES: string;
}> {
	const authority = await crypto.subtle.generateKey(ES256, false, ['sign', 'verify']);
	const signer = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
	const notBefore = new Date(Date.now() - DAY_MS);
	const notAfter = new Date(Date.now() + YEARS_MS);
	const root = await x509.X509CertificateGenerator.createSelfSigned({
		serialNumber: '01',
		name: 'O=Afterglow, CN=Afterglow local authority',
		notBefore,
		notAfter,
		signingAlgorithm: ES256,
		keys: authority,
		extensions: [
			new x509.BasicConstraintsExtension(true, 0, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
			await x509.SubjectKeyIdentifierExtension.create(authority.publicKey),
		],
	});
	const certificate = await x509.X509CertificateGenerator.create({
		serialNumber: '02',
		subject: 'O=Afterglow, CN=Afterglow on this machine',
		issuer: root.subject,
		notBefore,
		notAfter,
		signingAlgorithm: ES256,
		publicKey: signer.publicKey,
		signingKey: authority.privateKey,
		extensions: [
			new x509.BasicConstraintsExtension(false, undefined, true),
			new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
			new x509.ExtendedKeyUsageExtension(PURPOSES),
			await x509.SubjectKeyIdentifierExtension.create(signer.publicKey),
			await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
		],
	});
	const key = await crypto.subtle.exportKey('pkcs8', signer.privateKey);
	return {
		PROVENANCE_KEY: Buffer.from(key).toString('base64'),
		PROVENANCE_CERTIFICATES: certificate.toString('pem'),
	};
}
