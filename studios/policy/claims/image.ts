import type { Claim } from '../policy';

export const imageClaims: readonly Claim[] = [];
