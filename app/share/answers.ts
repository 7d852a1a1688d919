import type { z } from 'zod';

import type * as contract from '../../workers/api/contract/shares';

/** The api's answers as the pages about copies read them. */
export type Share = z.infer<typeof contract.ShareList>['items'][number];
export type Posting = z.infer<typeof contract.PostingAnswer>;
export type OpenedShare = z.infer<typeof contract.OpenedShare>;

/** What the page of a link has to show. */
export type SharedPage =
	| OpenedShare
	/** A passcode that did not open it, or too many of them. */
	| { readonly state: 'wrong'; readonly sentence: string }
	/** Over, for a reason that the sentence says; unknown; or not to be had at this moment. */
	| { readonly state: 'over' | 'unknown' | 'silent'; readonly sentence: string };

/** What left, or may leave, of one smile. */
export interface Outside {
	readonly shares: readonly Share[];
	readonly postings: readonly Posting[];
}
