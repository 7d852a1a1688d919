interface VideoProps {
	readonly src: string;
	readonly poster?: string | undefined;
	readonly width: number;
	readonly height: number;
	/** Stands inside the picture, where nobody can cut it off by cropping the page. */
	readonly label: string;
	readonly title: string;
	/** Music and no speech, so there is nothing to caption. */
	readonly hasSound?: boolean;
}

/** The browser's own controls: keyboard, full screen and captions come with them. */
export function Video({ src, poster, width, height, label, title, hasSound = false }: VideoProps) {
	return (
		<figure className="film">
			{/* oxlint-disable-next-line jsx-a11y/media-has-caption -- A film has no speech, so there is nothing to caption. */}
			<video
				src={src}
				poster={poster}
				width={width}
				height={height}
				aria-label={title}
				controls
				playsInline
				muted={!hasSound}
				preload="metadata"
			/>
			<figcaption className="label-ai up">{label}</figcaption>
		</figure>
	);
}
