import { ButtonLink } from '../components/button';
import { useShell, useStudio } from '../shell';

interface StartLinksProps {
	/** "Make a first smile": said to a visitor; someone signed in is led to the work. */
	readonly first: string;
	readonly second: { readonly to: string; readonly label: string };
}

export function StartLinks({ first, second }: StartLinksProps) {
	const { session } = useShell();
	const { work } = useStudio();
	return (
		<>
			<ButtonLink to={session.signedIn ? work.path : '/sign-up'} look="main" big fill>
				{session.signedIn ? `Go to your ${work.many}` : first}
			</ButtonLink>
			<ButtonLink to={second.to} look="line" big fill>
				{second.label}
			</ButtonLink>
		</>
	);
}
