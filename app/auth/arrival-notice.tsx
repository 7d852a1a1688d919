import { Notice } from '../components/notice';
import { arrivalWords } from './arrival-words';

/** What a page before this one has to say: why a provider led back without a session, or what a form has done. */
export function ArrivalNotice({ search }: { search: URLSearchParams }) {
	const words = arrivalWords(search);
	if (words === null) return null;
	return (
		<Notice kind={words.isRefusal ? 'stop' : 'kept'} title={words.title}>
			{words.sentence}
		</Notice>
	);
}
