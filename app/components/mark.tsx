/** A disc cut in two: before and after, here and gone. */
export function Mark({ size = 24 }: { size?: number }) {
	return (
		<svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
			<MarkShape />
		</svg>
	);
}

/** The mark's shapes on a 24 × 24 ground, for use inside another drawing. */
export function MarkShape() {
	return (
		<>
			<path d="M11 1.05a11 11 0 0 0 0 21.9Z" fill="currentColor" />
			<path
				d="M13.5 2.1a10 10 0 0 1 0 19.8"
				fill="none"
				stroke="currentColor"
				strokeWidth="2"
				strokeDasharray="2.4 2.6"
			/>
		</>
	);
}
