import { useEffect, useState, type ReactNode } from 'react';

import { Button } from '../components/button';

interface StripeFormProps {
	readonly action: '/credits/till' | '/credits/portal';
	/** Fields that travel with it. */
	readonly fields?: Readonly<Record<string, string>>;
	readonly label: ReactNode;
	readonly look: 'main' | 'line' | 'end-it';
	readonly wide?: boolean;
	readonly children?: ReactNode;
	readonly className?: string;
}

/**
 * A form that leaves for a page of Stripe's. A plain one, since what answers it is another site, which no script of ours
 * may fetch; it works without script, and with it a second tap opens no second till.
 */
export function StripeForm({ action, fields = {}, label, look, wide = false, children, className }: StripeFormProps) {
	const [isLeaving, setIsLeaving] = useState(false);
	useEffect(() => {
		// Back from there, the browser may show this page as it was left.
		const onShow = () => setIsLeaving(false);
		addEventListener('pageshow', onShow);
		return () => {
			removeEventListener('pageshow', onShow);
		};
	}, []);
	return (
		<form method="post" action={action} className={className} onSubmit={() => setIsLeaving(true)}>
			{Object.entries(fields).map(([name, value]) => (
				<input key={name} type="hidden" name={name} value={value} />
			))}
			{children}
			<Button look={look} big={wide} wide={wide} fill isPending={isLeaving} pendingLabel="Opening Stripe…">
				{label}
			</Button>
		</form>
	);
}
