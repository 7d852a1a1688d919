import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Form } from '@remix-run/react';
import { useRef, type ReactNode } from 'react';

import { Button } from './button';

interface ConfirmDialogProps {
	readonly isOpen: boolean;
	readonly onOpenChange: (isOpen: boolean) => void;
	readonly question: string;
	/** What goes at once and what stays. */
	readonly consequence: ReactNode;
	/** Where its form posts; this page when left out. */
	readonly action?: string;
	/** Fields to fill in while it asks, and those that travel unseen. */
	readonly asks?: ReactNode;
	readonly hidden: ReactNode;
	/** What the button that ends it says. */
	readonly words: ReactNode;
	/** The quiet button beside it, which changes nothing. */
	readonly keepLabel: string;
}

/** Asks before something ends. In a file of its own: no page needs it before somebody wants to end something. */
export function ConfirmDialog(props: ConfirmDialogProps) {
	const { isOpen, onOpenChange, question, consequence, action, asks, hidden, words, keepLabel } = props;
	const keep = useRef<HTMLButtonElement>(null);
	return (
		<AlertDialog.Root open={isOpen} onOpenChange={onOpenChange}>
			<AlertDialog.Portal>
				<AlertDialog.Backdrop className="scrim" />
				<AlertDialog.Popup className="dialog" initialFocus={keep}>
					<AlertDialog.Title className="dialog-title">{question}</AlertDialog.Title>
					<AlertDialog.Description className="soft" render={<div />}>
						{consequence}
					</AlertDialog.Description>
					<Form
						method="post"
						{...(action === undefined ? {} : { action })}
						className="stack"
						onSubmit={() => onOpenChange(false)}
					>
						{asks}
						<div className="row">
							<Button look="end-it">{words}</Button>
							<AlertDialog.Close className="btn quiet" ref={keep}>
								{keepLabel}
							</AlertDialog.Close>
						</div>
						{hidden}
					</Form>
				</AlertDialog.Popup>
			</AlertDialog.Portal>
		</AlertDialog.Root>
	);
}
