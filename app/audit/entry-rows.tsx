import { Time } from '../components/time';
import { entrySentence, type AuditEntry } from './entry-sentence';

/** What was done, newest first: the sentence, when, from where and why. */
export function EntryRows({ entries, word }: { entries: readonly AuditEntry[]; word: string }) {
	return (
		<ol className="rows entries">
			{entries.map((entry) => (
				<li key={entry.id}>
					<div>
						<b className="address">{entrySentence(entry, word)}</b>
						{entry.reason !== null && <span className="soft address">Reason: {entry.reason}</span>}
						<span className="small muted">{whence(entry)}</span>
					</div>
					<span className="soft num">
						<Time at={entry.at} />
					</span>
				</li>
			))}
		</ol>
	);
}

/** "Firefox on Linux, Germany, 203.0.113.0/24": as much as was kept, and that is never the whole address. */
function whence({ browser, country, network, keyId }: AuditEntry): string {
	const parts = [keyId === null ? null : 'By an API key', browser, countryName(country), network];
	return parts.filter((part) => part !== null && part !== '').join(', ') || 'From where is not known';
}

function countryName(code: string | null): string | null {
	if (code === null) return null;
	try {
		return new Intl.DisplayNames('en', { type: 'region', fallback: 'code' }).of(code) ?? code;
	} catch {
		return code;
	}
}
