import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Form, useNavigation } from '@remix-run/react';
import { useRef, useState, type ReactNode } from 'react';

import { Button } from './button';

interface ConfirmFormProps {
	/** Fields that travel with the form, such as the intent. */
	readonly fields: Readonly<Record<string, string>>;
	/** Where it posts; this page when left out. */
	readonly action?: string;
	/** "Delete video": the result, with what goes. */
	readonly label: string;
	/** Which of several, for whoever hears the label without its row: "of Safari on iPhone". */
	readonly about?: string;
	readonly pendingLabel: string;
	readonly icon?: ReactNode;
	readonly look?: 'end-it' | 'line' | 'quiet';
	readonly question: string;
	/** What goes at once and what stays. */
	readonly consequence: ReactNode;
	/** Fields to fill in while it asks, if one wants; not there without script. */
	readonly asks?: ReactNode;
	/** The quiet button beside it, which changes nothing. */
	readonly keepLabel?: string;
}

/**
 * A form that ends something. With script it asks first, in a dialog; without, its button posts straight away, and the
 * label names what goes.
 */
export function ConfirmForm(props: ConfirmFormProps) {
	const {
		fields,
		action,
		label,
		about,
		pendingLabel,
		icon,
		look = 'end-it',
		question,
		consequence,
		asks,
		keepLabel = 'Keep it',
	} = props;
	const [isOpen, setIsOpen] = useState(false);
	const keep = useRef<HTMLButtonElement>(null);
	const navigation = useNavigation();
	const isPending =
		navigation.formMethod === 'POST' &&
		Object.entries(fields).every(([name, value]) => navigation.formData?.get(name) === value);
	const hidden = Object.entries(fields).map(([name, value]) => (
		<input key={name} type="hidden" name={name} value={value} />
	));
	const words = (
		<>
			{icon}
			{label}
			{about !== undefined && <span className="vh"> {about}</span>}
		</>
	);
	const target = action === undefined ? {} : { action };

	return (
		<>
			<Form
				method="post"
				{...target}
				onSubmit={(event) => {
					event.preventDefault();
					if (!isPending) setIsOpen(true);
				}}
			>
				{hidden}
				<Button look={look} isPending={isPending} pendingLabel={pendingLabel}>
					{words}
				</Button>
			</Form>
			<AlertDialog.Root open={isOpen} onOpenChange={setIsOpen}>
				<AlertDialog.Portal>
					<AlertDialog.Backdrop className="scrim" />
					<AlertDialog.Popup className="dialog" initialFocus={keep}>
						<AlertDialog.Title className="dialog-title">{question}</AlertDialog.Title>
						<AlertDialog.Description className="soft" render={<div />}>
							{consequence}
						</AlertDialog.Description>
						<Form method="post" {...target} className="stack" onSubmit={() => setIsOpen(false)}>
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
		</>
	);
}
