/** The places a receipt names. */
export const STORE_NAME = 'Our private store';
export const FAL_NAME = 'fal.ai';
