import { CircleCheck, CircleX, Clock, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

type NoticeKind = 'stop' | 'failed' | 'soon' | 'kept' | 'plain';

const ICONS: Readonly<Record<NoticeKind, LucideIcon>> = {
	stop: CircleX,
	failed: TriangleAlert,
	soon: Clock,
	kept: CircleCheck,
	plain: Info,
};

interface NoticeProps {
	readonly kind: NoticeKind;
	/** What happened. */
	readonly title: string;
	/** Why, and what became of the photo and the credits. */
	readonly children?: ReactNode;
	readonly actions?: ReactNode;
	/** Set when it appears by itself and has to be spoken. */
	readonly isAlert?: boolean;
}

export function Notice({ kind, title, children, actions, isAlert = false }: NoticeProps) {
	const Icon = ICONS[kind];
	return (
		<div className={`notice ${kind === 'failed' ? 'stop' : kind}`} role={isAlert ? 'alert' : undefined}>
			<Icon size={20} strokeWidth={1.75} aria-hidden="true" />
			<p className="h">{title}</p>
			{children !== undefined && <div>{children}</div>}
			{actions !== undefined && <div className="row">{actions}</div>}
		</div>
	);
}
