import { ButtonLink } from '../components/button';
import { CopyField } from '../components/copy-field';
import { Notice } from '../components/notice';
import { Time } from '../components/time';
import { CurlExample } from './curl-example';

interface MadeKeyProps {
	readonly made: { readonly name: string; readonly key: string; readonly expiresAt: string };
	readonly origin: string;
}

/** The key, shown once: it stands in the answer that made it and nowhere else. */
export function MadeKey({ made, origin }: MadeKeyProps) {
	return (
		<div className="stack-5 made-key">
			<Notice kind="soon" title="It is shown this once">
				We keep no copy, so nobody can show it again, and neither can we. If it is lost, revoke it and make another.
			</Notice>
			<CopyField id="made-key" label="Key" value={made.key} />
			<div className="stack-2">
				<h2 className="h3">What to do with it</h2>
				<ol className="soft numbered">
					<li>Put it into the program’s secrets, never into its code or a mail.</li>
					<li>Send it as a bearer token with every request.</li>
					<li>
						Make a new one before <Time at={made.expiresAt} as="day" />, when this one ends.
					</li>
				</ol>
			</div>
			<CurlExample origin={origin} label="To try it, in a shell where AFTERGLOW_KEY is the key:" />
			<div className="row">
				<ButtonLink to="/practice/keys" look="main">
					I have put it away
				</ButtonLink>
			</div>
		</div>
	);
}
