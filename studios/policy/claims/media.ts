import type { Claim } from '../policy';

export const mediaClaims: readonly Claim[] = [];
