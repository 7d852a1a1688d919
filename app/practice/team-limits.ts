/*
 * As the api has it, said here so that a wrong form is answered without a call; a test holds the two together. Apart from the
 * forms' schemas, so that a component which shows a number does not bring zod to the browser.
 */
export const REASON_LENGTH_MAX = 300;

/** How long a mailed link works. */
export const INVITATION_DAYS = 7;
