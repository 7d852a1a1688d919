import { Notice } from '../components/notice';
import { useShell, useStudio, type Session } from '../shell';

/** What is said to somebody whose session acted where they are no member any more; null to everybody else. */
export function lostAccountSentence(session: Session, word: string): string | null {
	if (!session.signedIn || !session.isAccountLost) return null;
	return `You do not belong to the ${word} any more that you worked in.`;
}

/** Says so, on the pages that somebody is led to from there. */
export function LostAccount() {
	const { session } = useShell();
	const sentence = lostAccountSentence(session, useStudio().tenancy.word);
	if (sentence === null) return null;
	return (
		<div className="above">
			<Notice kind="plain" title={sentence} />
		</div>
	);
}
