import { Check, Copy, Download, Printer } from 'lucide-react';
import { useState } from 'react';

import { Button, ButtonLink } from '../components/button';
import { Notice } from '../components/notice';
import { useHydrated } from '../hydrated';
import { useStudio } from '../shell';

/** Shown in this answer alone: a page that is loaded again does not have them any more. */
export function RecoveryCodes({ codes, isFirst }: { codes: readonly string[]; isFirst: boolean }) {
	const { name } = useStudio();
	return (
		<>
			<Notice kind="soon" title="Keep these now. They are shown once.">
				Each works one time in place of the app. Without phone and codes nobody can let you in, and neither can we.
			</Notice>
			<section className="panel codes" aria-label="Recovery codes">
				<p className="print-only">{name}: recovery codes</p>
				<ol>
					{codes.map((code) => (
						<li key={code}>
							<code>{code}</code>
						</li>
					))}
				</ol>
				<KeepButtons codes={codes} />
			</section>
			<div className="row no-print">
				<ButtonLink to="/settings/security" look="main">
					{isFirst ? 'I kept them, go on' : 'Back to Security'}
				</ButtonLink>
			</div>
		</>
	);
}

/** For what only script can do; without it the codes are text, to be marked and printed as any. */
function KeepButtons({ codes }: { codes: readonly string[] }) {
	const isLive = useHydrated();
	const [isCopied, setIsCopied] = useState(false);
	const { name, slug } = useStudio();
	if (!isLive) return null;
	const text = `${name}: recovery codes\n\n${codes.join('\n')}\n`;
	const download = () => {
		const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
		const link = document.createElement('a');
		link.href = url;
		link.download = `${slug}-recovery-codes.txt`;
		link.click();
		URL.revokeObjectURL(url);
	};
	return (
		<div className="row no-print">
			<Button look="line" type="button" onClick={download}>
				<Download size={18} strokeWidth={1.75} aria-hidden="true" />
				Download
			</Button>
			<Button look="line" type="button" onClick={() => window.print()}>
				<Printer size={18} strokeWidth={1.75} aria-hidden="true" />
				Print
			</Button>
			<Button
				look="line"
				type="button"
				onClick={() => {
					void navigator.clipboard.writeText(text).then(() => setIsCopied(true));
				}}
			>
				{isCopied ? (
					<Check size={18} strokeWidth={1.75} aria-hidden="true" />
				) : (
					<Copy size={18} strokeWidth={1.75} aria-hidden="true" />
				)}
				{isCopied ? 'Copied' : 'Copy'}
			</Button>
			<output className="vh">{isCopied && 'The codes are copied.'}</output>
		</div>
	);
}
