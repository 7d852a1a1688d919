import type { PhotoCheck } from '../../smile/check-photo';
import { Notice } from '../components/notice';
import { AskToLoad } from '../smile-lab/ask-to-load';
import type { CheckState } from './check-on-device';

/** What the check on the device says about the shown photo, and what to fix. */
export function PhotoVerdict({ checked }: { checked: CheckState }) {
	return (
		<div className="verdict" aria-live="polite">
			<AskToLoad without="Without it the photo can be sent unchecked, after 20 seconds." />
			{checked.at === 'checking' && (
				<p className="soft">Looking at the photo on this device. The first time takes a few seconds.</p>
			)}
			{checked.at === 'unchecked' && (
				<Notice kind="plain" title="This photo was not checked">
					What looks at photos did not load here. You can send it: the face from the front, sharp, teeth showing.
				</Notice>
			)}
			{checked.at === 'checked' && <Verdict check={checked.check} />}
		</div>
	);
}

function Verdict({ check: { verdict, findings } }: { check: PhotoCheck }) {
	if (verdict === 'good') {
		return (
			<Notice kind="kept" title="This photo will do well">
				One face from the front, sharp and well lit, with teeth in view.
			</Notice>
		);
	}
	const messages = findings.map(({ code, message }) => <li key={code}>{message}</li>);
	if (verdict === 'usable') {
		return (
			<Notice kind="soon" title="This photo works, and a better one would show more">
				<ul className="to-fix">{messages}</ul>
			</Notice>
		);
	}
	return (
		<>
			<Notice kind="stop" title="No smile can be made from this photo">
				<ul className="to-fix">{messages}</ul>
			</Notice>
			<p className="small muted">It stays on this device. Nothing was sent or charged.</p>
		</>
	);
}
