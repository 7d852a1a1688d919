import { Link, type LinkProps } from '@remix-run/react';
import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Look = 'main' | 'line' | 'quiet' | 'end-it';

interface Common {
	/** `main` fills and stands once in a view; `end-it` deletes and names what. */
	readonly look?: Look;
	readonly big?: boolean;
	readonly wide?: boolean;
	/** Full width on phones. */
	readonly fill?: boolean;
}

interface ButtonProps extends Common, ButtonHTMLAttributes<HTMLButtonElement> {
	/** Said in place of the label while it works ("Deleting…"); the width stays. */
	readonly pendingLabel?: string;
	readonly isPending?: boolean;
	readonly children: ReactNode;
}

export function Button(props: ButtonProps) {
	const { look, big, wide, fill, pendingLabel, isPending = false, className, children, ...rest } = props;
	return (
		<button
			type="submit"
			{...rest}
			className={classOf({ look, big, wide, fill }, className)}
			aria-disabled={isPending ? true : rest['aria-disabled']}
			onClick={isPending ? (event) => event.preventDefault() : rest.onClick}
		>
			{pendingLabel === undefined ? (
				children
			) : (
				<span className="swap">
					<span data-shown={!isPending} aria-hidden={isPending}>
						{children}
					</span>
					<span data-shown={isPending} aria-hidden={!isPending}>
						{pendingLabel}
					</span>
				</span>
			)}
		</button>
	);
}

export function ButtonLink(props: Common & LinkProps) {
	const { look, big, wide, fill, className, ...rest } = props;
	return <Link {...rest} className={classOf({ look, big, wide, fill }, className)} />;
}

function classOf(
	{ look, big, wide, fill }: { [Key in keyof Common]: Common[Key] | undefined },
	more: string | undefined,
): string {
	return ['btn', look ?? 'line', big === true && 'big', wide === true && 'wide', fill === true && 'fill', more]
		.filter((name) => typeof name === 'string')
		.join(' ');
}
