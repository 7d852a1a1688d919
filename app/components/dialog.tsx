import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';

interface DialogProps {
	readonly isOpen: boolean;
	readonly onOpenChange: (isOpen: boolean) => void;
	readonly title: string;
	readonly children: ReactNode;
	/** The quiet way out; Escape does the same. */
	readonly closeLabel: string;
}

export function Dialog({ isOpen, onOpenChange, title, children, closeLabel }: DialogProps) {
	return (
		<BaseDialog.Root open={isOpen} onOpenChange={onOpenChange}>
			<BaseDialog.Portal>
				<BaseDialog.Backdrop className="scrim" />
				<BaseDialog.Popup className="dialog">
					<BaseDialog.Title className="dialog-title">{title}</BaseDialog.Title>
					{children}
					<BaseDialog.Close className="btn quiet">{closeLabel}</BaseDialog.Close>
				</BaseDialog.Popup>
			</BaseDialog.Portal>
		</BaseDialog.Root>
	);
}
