import type { AuthorizationSection } from '../../studios/authorization';
import { Document } from '../components/document';

/** The words themselves, and nothing beside them: an authorization stands apart from all else on its page (Civ. Code §56.11(b)). */
export function WordsDocument({ sections, label }: { sections: readonly AuthorizationSection[]; label: string }) {
	return (
		<Document label={label}>
			{sections.map(({ heading, paragraphs }) => (
				<section key={heading}>
					<h3>{heading}</h3>
					{paragraphs.map((paragraph) => (
						<p key={paragraph}>{paragraph}</p>
					))}
				</section>
			))}
		</Document>
	);
}
