import { Form, useNavigation, useSubmit } from '@remix-run/react';
import { useState, type ReactNode } from 'react';

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
	const [dialog, setDialog] = useState<Awaited<ReturnType<typeof loadDialog>> | null>(null);
	const submit = useSubmit();
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

	const ask = async (form: HTMLFormElement) => {
		try {
			setDialog(await loadDialog());
			setIsOpen(true);
		} catch {
			// Its file cannot be had, and ending something unasked is worse than a plain question.
			if (globalThis.confirm(question)) submit(form);
		}
	};
	const soon = () => void loadDialog().catch(() => undefined);

	return (
		<>
			<Form
				method="post"
				{...target}
				onPointerEnter={soon}
				onFocus={soon}
				onSubmit={(event) => {
					event.preventDefault();
					if (!isPending) void ask(event.currentTarget);
				}}
			>
				{hidden}
				<Button look={look} isPending={isPending} pendingLabel={pendingLabel}>
					{words}
				</Button>
			</Form>
			{dialog !== null && (
				<dialog.ConfirmDialog
					{...target}
					isOpen={isOpen}
					onOpenChange={setIsOpen}
					question={question}
					consequence={consequence}
					asks={asks}
					hidden={hidden}
					words={words}
					keepLabel={keepLabel}
				/>
			)}
		</>
	);
}

function loadDialog() {
	return import('./confirm-dialog');
}
