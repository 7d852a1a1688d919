/** The places a receipt names. */
export const STORE_NAME = 'Our private store';
export const FAL_NAME = 'fal.ai';

/** Time after an upload address ended in which a body already under way may still arrive. */
export const LATE_PUT_MS = 5 * 60_000;
