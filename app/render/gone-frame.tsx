import { Link } from '@remix-run/react';
import { CircleDashed } from 'lucide-react';

interface GoneFrameProps {
	readonly title: string;
	readonly receiptId: string | undefined;
	readonly isSmall?: boolean;
}

/** A hollow frame where a picture was. */
export function GoneFrame({ title, receiptId, isSmall = false }: GoneFrameProps) {
	return (
		<div className="gone-frame" data-small={isSmall}>
			<CircleDashed size={26} strokeWidth={1.75} aria-hidden="true" />
			<p>{title}</p>
			{receiptId !== undefined && (
				<Link className="tap" to={`/receipts/${receiptId}`}>
					Receipt
				</Link>
			)}
		</div>
	);
}
