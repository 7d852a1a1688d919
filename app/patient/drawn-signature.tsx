import { PAD_BOX, strokesOf, strokesPath } from './strokes';

/** What was drawn, as it was drawn; nothing where the name was typed alone. */
export function DrawnSignature({ signature }: { signature: string | null }) {
	const strokes = strokesOf(signature ?? '');
	if (strokes === null) return null;
	return (
		// oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- A drawing in the page has no address of its own.
		<svg className="drawn" viewBox={`0 0 ${PAD_BOX.width} ${PAD_BOX.height}`} role="img" aria-label="Drawn signature">
			<path
				d={strokesPath(strokes, PAD_BOX)}
				fill="none"
				stroke="currentColor"
				strokeWidth="2"
				strokeLinecap="round"
				strokeLinejoin="round"
			/>
		</svg>
	);
}
