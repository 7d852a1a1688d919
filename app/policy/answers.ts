import type { z } from 'zod';

import type { ClaimAnswer, PolicyAnswer } from '../../workers/api/contract/policy';

/** The api's answers as the pages about the policy read them. */
export type Policy = z.infer<typeof PolicyAnswer>;
export type PolicyVersion = Policy['version'];
export type Claim = Policy['claims'][number];
export type ClaimState = Claim['state'];
export type WholeClaim = z.infer<typeof ClaimAnswer>;
