import { Download } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';

import { Left } from './left';
import type { FileOrder } from './marks';
import { useLeaving } from './use-leaving';

interface LeavingLinkProps {
	/** What a browser without JavaScript loads, and what is loaded where the bytes are not at hand. */
	readonly href: string;
	readonly blob?: Blob;
	/** Without an ending it gets the one of its type. */
	readonly name: string;
	readonly order: FileOrder | null;
	readonly look?: 'main' | 'line';
	readonly children: ReactNode;
}

/** A download that gives the file what it says about itself on the way. */
export function LeavingLink({ href, blob, name, order, look = 'line', children }: LeavingLinkProps) {
	const { state, leave, leaveWhole } = useLeaving();
	const onClick = async (event: MouseEvent) => {
		if (order === null || state.at === 'working') {
			if (order !== null) event.preventDefault();
			return;
		}
		event.preventDefault();
		const bytes = blob ?? (await bytesAt(href));
		// The browser fetches it by itself, as it would have without us.
		if (bytes === null) location.assign(href);
		else await leave({ blob: bytes, name: named(name, bytes.type), order });
	};
	return (
		<>
			<a
				className={`btn ${look} fill`}
				href={href}
				download={name.includes('.') ? name : true}
				onClick={(event) => void onClick(event)}
			>
				<Download size={18} strokeWidth={1.75} aria-hidden="true" />
				{children}
			</a>
			{order !== null && <Left state={state} onWhole={leaveWhole} />}
		</>
	);
}

const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };

function named(name: string, type: string): string {
	return name.includes('.') ? name : `${name}.${ENDINGS[type] ?? 'bin'}`;
}

/** Null where it cannot be read from here. */
async function bytesAt(href: string): Promise<Blob | null> {
	try {
		const answer = await fetch(href, { cache: 'no-store' });
		return answer.ok ? await answer.blob() : null;
	} catch {
		return null;
	}
}
