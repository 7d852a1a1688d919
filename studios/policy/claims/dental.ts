import type { Claim } from '../policy';

export const dentalClaims: readonly Claim[] = [];
