import type { ReactNode } from 'react';

interface EmptyStateProps {
	readonly title: string;
	readonly children: ReactNode;
	readonly action?: ReactNode;
	/** Dotted frames where pictures will be. */
	readonly hasGhosts?: boolean;
}

export function EmptyState({ title, children, action, hasGhosts = true }: EmptyStateProps) {
	return (
		<div className="empty">
			{hasGhosts && (
				<div className="ghost" aria-hidden="true">
					<i />
					<i />
					<i />
				</div>
			)}
			<div className="stack-2">
				<h2 className="h3">{title}</h2>
				<p className="soft">{children}</p>
			</div>
			{action}
		</div>
	);
}
