import { Check } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

const STAYS_MS = 8_000;

/** One sentence and at most one action, for eight seconds; it waits under pointer or focus. Never a refusal. */
export function Toast({ children, action }: { children: ReactNode; action?: ReactNode }) {
	const [isOpen, setIsOpen] = useState(true);
	const [isHeld, setIsHeld] = useState(false);
	useEffect(() => {
		if (isHeld) return undefined;
		const timer = setTimeout(() => setIsOpen(false), STAYS_MS);
		return () => {
			clearTimeout(timer);
		};
	}, [isHeld]);
	if (!isOpen) return null;
	const hold = () => setIsHeld(true);
	const release = () => setIsHeld(false);
	return (
		<div className="toast-place" onMouseEnter={hold} onMouseLeave={release} onFocus={hold} onBlur={release}>
			<output className="toast">
				<Check size={18} strokeWidth={1.75} aria-hidden="true" />
				<span>{children}</span>
				{action}
			</output>
		</div>
	);
}
