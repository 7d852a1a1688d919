import { ButtonLink } from '../components/button';
import { Notice } from '../components/notice';

/** Why mail does not reach somebody, and what they can do about it. */
export function MailProblem({ problem, email }: { problem: 'bounced' | 'complained'; email: string }) {
	if (problem === 'complained') {
		return (
			<Notice kind="plain" title="You called our mail unwanted">
				So no product updates and no announcements are sent to you. Codes and security notices still are. Switch one of
				both on, and it comes again.
			</Notice>
		);
	}
	return (
		<Notice
			kind="stop"
			title="Mail to you does not arrive"
			actions={
				<>
					<ButtonLink to="/settings/email" look="line">
						Change address
					</ButtonLink>
					<ButtonLink to="/settings/arrives" look="line">
						Show that mail arrives
					</ButtonLink>
				</>
			}
		>
			Mail to <span className="address">{email}</span> came back to us, so nothing is sent there: no codes and no
			security notices. Give another address, or show with a code that this one works again.
		</Notice>
	);
}
