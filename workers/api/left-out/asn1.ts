/**
 * Stands in for `@peculiar/asn1-*` in the api's bundle (`[alias]` in wrangler.toml), thirty kilobytes after gzip that read certificates of
 * authenticators. None is asked for (`attestationType: 'none'`). What is left to read is a passkey's signature: two whole numbers in
 * DER (RFC 3279 §2.2.3), which WebCrypto then checks; every other form is refused.
 */
export class ECDSASigValue {
	constructor(
		readonly r: Uint8Array<ArrayBuffer>,
		readonly s: Uint8Array<ArrayBuffer>,
	) {}
}

const [SEQUENCE, INTEGER] = [0x30, 0x02];
/** Says that the length follows in one byte: signatures on P-521 are longer than 127. */
const LONG = 0x81;

export const AsnParser = {
	parse(bytes: Uint8Array<ArrayBuffer>, form: unknown): ECDSASigValue {
		if (form !== ECDSASigValue) return refuse();
		const whole = valueAt(bytes, 0, SEQUENCE);
		const r = valueAt(bytes, whole.from, INTEGER);
		const s = valueAt(bytes, r.to, INTEGER);
		if (whole.to !== bytes.length || s.to !== bytes.length) throw new Error('a signature is in another form');
		return new ECDSASigValue(bytes.slice(r.from, r.to), bytes.slice(s.from, s.to));
	},
};

/** Where the content of the value at this place begins and ends. */
function valueAt(bytes: Uint8Array, at: number, kind: number): { from: number; to: number } {
	const isLong = bytes[at + 1] === LONG;
	const length = bytes[isLong ? at + 2 : at + 1];
	const from = at + (isLong ? 3 : 2);
	const isRead = bytes[at] === kind && length !== undefined && length > 0 && (isLong || length < 128);
	if (!isRead || from + length > bytes.length) throw new Error('a signature is in another form');
	return { from, to: from + length };
}

function refuse(): never {
	throw new Error('a passkey brought a certificate, and none was asked for');
}

/* What `@simplewebauthn/server` names of them: calling one with `new` refuses as well. */
export {
	refuse as BasicConstraints,
	refuse as Certificate,
	refuse as ECParameters,
	refuse as ExtendedKeyUsage,
	refuse as KeyDescription,
	refuse as OctetString,
	refuse as RSAPublicKey,
	refuse as SubjectAlternativeName,
	refuse as id_ce_basicConstraints,
	refuse as id_ce_extKeyUsage,
	refuse as id_ce_keyDescription,
	refuse as id_ce_subjectAltName,
	refuse as id_ecPublicKey,
	refuse as id_rsaEncryption,
	refuse as id_secp256r1,
	refuse as id_secp384r1,
};
