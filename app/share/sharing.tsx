import { Notice } from '../components/notice';
import type { RenderView } from '../render/answers';
import type { Outside } from './answers';
import { PostingSection } from './posting-section';
import { ShareSection } from './share-section';

/** What may leave of a finished smile, and what has: links and posted copies. */
export function Sharing({ view, outside }: { view: RenderView; outside: Outside | null }) {
	if (outside === null) {
		return (
			<section className="part">
				<h2>Share</h2>
				<Notice kind="failed" title="Links cannot be shown now">
					The service does not answer. Nothing was changed, and links go on as they were. Load the page again in a
					minute.
				</Notice>
			</section>
		);
	}
	// The video first: it is what a link is mostly for.
	const assets = view.assets.toSorted((a, b) => Number(b.kind === 'video') - Number(a.kind === 'video'));
	return (
		<div className="sharing">
			<ShareSection assets={assets} shares={outside.shares} consent={consentOf(view)} />
			<PostingSection assets={view.render.assets} postings={outside.postings} />
		</div>
	);
}

/** Of a patient who is deleted there is none to name. */
function consentOf({ render }: RenderView) {
	return render.subjectReference === null ? undefined : render.consent;
}
