/** Paper-cut hills at dusk in the studio's own colours: flat planes, light from the upper left. */
export function Scene({ label }: { label: string }) {
	return (
		<figure className="scene">
			<svg viewBox="0 0 720 900" width="720" height="900" aria-hidden="true">
				<rect width="720" height="900" fill="var(--accent-tint)" />
				<circle cx="250" cy="330" r="150" fill="var(--accent-soft)" />
				<circle cx="250" cy="330" r="96" fill="var(--accent)" />
				<path d="M0 520c120-70 240-80 360-20s230 60 360-30v430H0Z" fill="var(--accent-soft)" />
				<path d="M0 620c90 30 190 20 290-50s270-90 430 10v320H0Z" fill="var(--accent-line)" />
				<path d="M0 760c150-110 300-110 430-40s200 60 290 10v170H0Z" fill="var(--accent)" />
				<path d="M0 840c180-60 380-50 720 20v40H0Z" fill="var(--accent-deep)" />
			</svg>
			<figcaption className="label-ai">{label}</figcaption>
		</figure>
	);
}
