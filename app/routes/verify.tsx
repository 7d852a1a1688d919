import { Notice } from '../components/notice';
import { Page } from '../components/page';
import { useHydrated } from '../hydrated';
import { FileDrop } from '../provenance/file-drop';
import { FindingView } from '../provenance/finding-view';
import { verifyStyles } from '../provenance/styles';
import { useVerify } from '../provenance/use-verify';
import { Meter } from '../smile/meter';
import { titled } from '../title';

export const meta = titled('Check a file', { isPublic: true });
export const links = verifyStyles;

export default function VerifyPage() {
	const isLive = useHydrated();
	const { state, verify } = useVerify();
	return (
		<Page width="narrow">
			<div className="verify">
				<h1>Check a file</h1>
				<p className="lead">What a picture or a film says about itself, and what was said of it when it left here.</p>
				<p className="soft">
					The file stays on this device. Its SHA-256 is sent, a number by which nobody who lacks the file can tell what
					it shows; of a statement, nothing is sent.
				</p>
				<noscript>
					<Notice kind="plain" title="This needs JavaScript, which is off in this browser">
						The file is read on this device, so that it need not be sent.
					</Notice>
				</noscript>
				{isLive ? (
					<FileDrop onPick={(file) => void verify(file)} hasFile={state.at !== 'rest'} />
				) : (
					<div className="file-drop" />
				)}
				<div aria-live="polite">
					{state.at === 'reading' && (
						<div className="stack-2">
							<p className="small soft">Reading {state.name}</p>
							<Meter perCent={state.perCent} label={`Reading ${state.name}`} />
						</div>
					)}
					{state.at === 'found' && (
						<div className="found">
							<h2>{state.name}</h2>
							<FindingView finding={state.finding} />
						</div>
					)}
				</div>
				<section className="means">
					<h2>What this can show</h2>
					<p className="soft">
						Files that leave here carry content credentials (C2PA) inside, where the service has a certificate for them,
						and a signed statement beside them. Both say whether AI made or changed the picture. Other makers’ content
						credentials are read here, too.
					</p>
					<h2>What it cannot</h2>
					<p className="soft">
						It does not look at the picture, and does not guess whether AI made it. Nothing found is no proof of
						anything. A photograph of a screen says nothing of where it came from.
					</p>
				</section>
			</div>
		</Page>
	);
}
