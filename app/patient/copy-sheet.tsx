import type { Signed } from './answers';
import { DrawnSignature } from './drawn-signature';

/** What was signed, as a file that needs nothing else: for a drawer, a printer, or a mail to oneself. */
export function CopySheet({ signed }: { signed: Signed }) {
	const { consent, text, words, textHash, signature, practice } = signed;
	if (text === null) return null;
	return (
		<html lang="en">
			<head>
				<meta charSet="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>What you signed</title>
				<style>{SHEET}</style>
			</head>
			<body>
				<main>
					<h1>What you signed for {practice}</h1>
					{text.map(({ heading, paragraphs }) => (
						<section key={heading}>
							<h2>{heading}</h2>
							{paragraphs.map((paragraph) => (
								<p key={paragraph}>{paragraph}</p>
							))}
						</section>
					))}
					<section className="signed">
						<h2>Signed</h2>
						<DrawnSignature signature={signature} />
						<p className="name">{consent.signerName}</p>
						{words?.representativeAuthority != null && <p>For the patient, as: {words.representativeAuthority}</p>}
						{consent.signedAt !== null && <p>{stamp(consent.signedAt)}</p>}
						{consent.revokedAt !== null && <p>Revoked: {stamp(consent.revokedAt)}</p>}
						{textHash !== null && <p className="print">Fingerprint of these words (SHA-256): {textHash}</p>}
					</section>
				</main>
			</body>
		</html>
	);
}

/** "2026-11-21, 14:07 UTC": a file does not know where it is read. */
function stamp(iso: string): string {
	return `${iso.slice(0, 10)}, ${iso.slice(11, 16)} UTC`;
}

const SHEET = `
body { margin: 0; background: #fff; color: #1b1815; font: 14pt/1.5 Georgia, Times New Roman, serif; }
main { max-width: 40rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.6em; line-height: 1.2; }
h2 { margin: 1.4em 0 0.3em; font-size: 1em; }
p { margin: 0.4em 0; overflow-wrap: anywhere; }
section { break-inside: avoid; }
.signed { margin-top: 2.5rem; border-top: 1px solid #1b1815; }
.drawn { display: block; width: 15rem; }
.name { font-size: 1.4em; }
.print { font: 9pt/1.4 ui-monospace, Consolas, monospace; }
@page { margin: 18mm 20mm; }
`;
