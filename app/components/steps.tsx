import { Link } from '@remix-run/react';

interface StepsProps {
	readonly label: string;
	readonly steps: readonly { readonly name: string; readonly href?: string | undefined }[];
	/** Index of the step in hand; those before it are done and lead back. */
	readonly now: number;
}

export function Steps({ label, steps, now }: StepsProps) {
	return (
		<nav aria-label={label}>
			<ol className="steps">
				{steps.map((step, index) => (
					<li
						key={step.name}
						className={index < now ? 'done' : index === now ? 'now' : undefined}
						aria-current={index === now ? 'step' : undefined}
					>
						{index < now && step.href !== undefined ? <Link to={step.href}>{step.name}</Link> : step.name}
						{index < now && <span className="vh"> (done)</span>}
					</li>
				))}
			</ol>
		</nav>
	);
}
