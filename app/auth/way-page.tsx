import type { ReactNode } from 'react';

interface WayPageProps {
	readonly title: string;
	/** One sentence below the title. */
	readonly lead?: ReactNode;
	readonly children: ReactNode;
	/** What happens, beside the form: a heading and a life line. */
	readonly aside?: ReactNode;
}

/** A page with one form to get in, or to show that one may. */
export function WayPage({ title, lead, children, aside }: WayPageProps) {
	return (
		<div className="wrap si">
			<div className="box">
				<h1>{title}</h1>
				{lead !== undefined && <p className="soft say-first">{lead}</p>}
				{children}
			</div>
			{aside !== undefined && <aside className="why">{aside}</aside>}
		</div>
	);
}
