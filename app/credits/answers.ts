import type { z } from 'zod';

import type * as contract from '../../workers/api/contract';
import type { BillingAnswer, CheckoutAnswer, PurchaseList } from '../../workers/api/contract/billing';
import type { MemberUsageAnswer, UsageAnswer } from '../../workers/api/contract/credits';

/** The api's answers as the pages about credits read them. */
export type Credits = z.infer<typeof contract.CreditsAnswer>;
export type Bucket = Credits['buckets'][number];
export type Entry = z.infer<typeof contract.EntryList>['items'][number];
export type Usage = z.infer<typeof UsageAnswer>;
export type MemberUsage = z.infer<typeof MemberUsageAnswer>['items'][number];

export type Checkout = z.infer<typeof CheckoutAnswer>;
export type Billing = z.infer<typeof BillingAnswer>;
export type Purchase = z.infer<typeof PurchaseList>['items'][number];
