import { useSearchParams } from '@remix-run/react';

import { Notice } from '../components/notice';
import { useStudio } from '../shell';
import { openedWords } from './opened';

/** On whichever page somebody lands after an account was opened: why there are no credits in it. */
export function OpenedNotice() {
	const [search] = useSearchParams();
	const words = openedWords(search, useStudio());
	if (words === null) return null;
	return (
		<div className="wrap above">
			<Notice kind="plain" title={words.title}>
				{words.sentence}
			</Notice>
		</div>
	);
}
