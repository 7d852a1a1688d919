/** What was made on a device and kept, as buttons and sentences call it. */
export const KEPT_NOUNS = ['reel', 'poster', 'still pair'] as const;
