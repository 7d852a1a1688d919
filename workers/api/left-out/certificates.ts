/**
 * Stands in for `@peculiar/x509` in the api's bundle (`[alias]` in wrangler.toml), a hundred kilobytes that look at certificates of
 * authenticators. None is asked for (`attestationType: 'none'`), so a passkey that brings one all the same is refused here.
 */
function refuse(): never {
	throw new Error('a passkey brought a certificate, and none was asked for');
}

/* What `@simplewebauthn/server` names of it: calling one with `new` refuses as well. */
export {
	refuse as AuthorityKeyIdentifierExtension,
	refuse as CRLDistributionPointsExtension,
	refuse as SubjectKeyIdentifierExtension,
	refuse as X509Certificate,
	refuse as X509ChainBuilder,
	refuse as X509Crl,
};
