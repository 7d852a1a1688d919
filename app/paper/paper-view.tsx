import { FileText } from 'lucide-react';

import { sizeWords } from '../size-words';

export interface ShownPaper {
	readonly contentType: string;
	readonly byteLength: number;
	readonly width: number | null;
	readonly height: number | null;
	readonly url: string;
}

/** The paper beside what is typed from it. A PDF is saved and opened outside of the page: nothing of it runs here. */
export function PaperView({ consentId, paper }: { consentId: string; paper: ShownPaper }) {
	const address = `/consents/${encodeURIComponent(consentId)}/paper`;
	if (paper.contentType === 'application/pdf' || paper.width === null || paper.height === null) {
		return (
			<div className="panel paper-file">
				<FileText size={20} strokeWidth={1.75} aria-hidden="true" />
				<p>
					<b>A PDF</b>, <span className="num">{sizeWords(paper.byteLength)}</span>
				</p>
				<p className="soft">Save it, open it, and compare it with the list.</p>
				<a className="btn line" href={address}>
					Save the PDF
				</a>
			</div>
		);
	}
	return (
		<figure className="paper-picture">
			<img className="photo" src={paper.url} alt="The signed paper" width={paper.width} height={paper.height} />
			<figcaption>
				<a href={address} target="_blank" rel="noreferrer">
					Open it in full size
				</a>
			</figcaption>
		</figure>
	);
}
