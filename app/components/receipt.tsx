import type { ReactNode } from 'react';

import { Band, Seal } from './seal';

export interface ReceiptFact {
	readonly key: string;
	readonly term: string;
	readonly value: ReactNode;
}

interface ReceiptProps {
	readonly issuer: string;
	/** Above the title: "Dental Diffusion · No. 12", or what stands there before there is a number. */
	readonly cap: string;
	readonly title: string;
	/** One sentence: what was deleted, and that it was looked for. */
	readonly sentence: ReactNode;
	readonly facts: readonly ReceiptFact[];
	readonly kept?: ReactNode;
	/** Left out while nothing is signed: no signature, no seal. */
	readonly signature?: { readonly line: string; readonly text: string; readonly sealBytes: readonly number[] };
}

export function Receipt({ cap, title, sentence, facts, kept, signature, issuer }: ReceiptProps) {
	return (
		<article className="doc cert" aria-label={`${title}, ${issuer}`}>
			<div className="in">
				<Band />
				<div className="top">
					<div>
						<p className="cap">{cap}</p>
						<h1>{title}</h1>
					</div>
					{signature !== undefined && <Seal bytes={signature.sealBytes} size={184} />}
				</div>
				<p className="say">{sentence}</p>
				<dl className="facts">
					{facts.map((fact) => (
						<div key={fact.key}>
							<dt>{fact.term}</dt>
							<dd>{fact.value}</dd>
						</div>
					))}
				</dl>
				{kept !== undefined && (
					<div className="kept2">
						<h2>What we keep, and why</h2>
						{kept}
					</div>
				)}
				{signature !== undefined && (
					<div className="sig">
						<div>
							<h2>Signature</h2>
							<code>{signature.line}</code>
							<code>{signature.text}</code>
						</div>
						<p className="cap">The seal is drawn from the signature. No two receipts share one.</p>
					</div>
				)}
				<Band />
			</div>
		</article>
	);
}
